package message_test

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"fxcore/gateways/socket/internal/soup"
	"fxcore/gateways/socket/message"
	"fxcore/lambda/testkit/sample"
)

const readme = "../README.md"

// The tables of the README show what the code reads and writes. Each field is explained.
func TestReadmeHasTheLayouts(t *testing.T) {
	var b strings.Builder
	for _, m := range []message.Message{
		&message.TradeRequest{}, &message.TradeReport{}, &message.LineCheck{}, &message.StatusRequest{},
		&message.Pending{}, &message.Executed{}, &message.TradeRejected{}, &message.ReportAnswered{}, &message.LineChecked{},
		&message.Status{}, &message.BusinessReject{},
	} {
		b.WriteString(layout(t, m))
	}
	sample.IsOnPage(t, readme, "<!-- messages: UPDATE_SAMPLES=1 go test ./gateways/socket/message -->\n", "<!-- end of messages -->", b.String()+"\n")
}

func layout(t *testing.T, m message.Message) string {
	t.Helper()
	from := "core"
	if _, ok := m.(message.Request); ok {
		from = "provider"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n### %s, `%c`, from the %s\n\n| at | bytes | field | form | meaning |\n| ---: | ---: | --- | --- | --- |\n",
		strings.TrimPrefix(fmt.Sprintf("%T", m), "*message."), m.Type(), from)
	at, fixed := 0, true
	for _, f := range message.Layout(m) {
		place := ""
		if fixed {
			place = strconv.Itoa(at)
		}
		size, err := strconv.Atoi(f.Size)
		at, fixed = at+size, fixed && err == nil
		meaning := meanings[f.Name]
		if meaning == "" {
			t.Errorf("field %s of %T is not explained", f.Name, m)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", place, f.Size, f.Name, f.Form, meaning)
	}
	return b.String()
}

// The example of the README is what the code writes.
func TestReadmeHasTheExample(t *testing.T) {
	login := func(next uint64) []byte {
		return packet(t)(soup.Login{Username: "alpha", Password: "tunafish", Session: "S1", Next: next}.Append(nil))
	}
	accepted := func(next uint64) []byte { return packet(t)(soup.Acceptance{Session: "S1", Next: next}.Append(nil)) }
	asks := func(m message.Message) []byte { return packet(t)(soup.Append(nil, soup.TypeUnsequenced, encode(t, m))) }
	tells := func(m message.Message) []byte { return packet(t)(soup.Append(nil, soup.TypeSequenced, encode(t, m))) }
	beat := packet(t)(soup.Append(nil, soup.TypeServerHeartbeat, nil))
	end := packet(t)(soup.Append(nil, soup.TypeEndOfSession, nil))
	all := samples()
	farAgain := &message.StatusRequest{RequestHead: request(8, "")}
	var b strings.Builder
	b.WriteString("\n```\n")
	for _, line := range []struct {
		about string
		bytes []byte
	}{
		{"> login to S1 from message 1", login(1)},
		{"< accepted", accepted(1)},
		{"> how far did you receive? (7)", asks(&message.StatusRequest{RequestHead: request(7, "")})},
		{"< message 1: up to 0 (7)", tells(&message.Status{AnswerHead: answer(0, 7, "")})},
		{"> request 1: S-1, buy 1000000 EUR/USD at 1.08432 spot", asks(all["spot"])},
		{"< message 2: S-1 is pending, received up to 1", tells(all["pending"])},
		{"< heartbeat; then the connection is lost", beat},
		{"> login to S1 from message 3", login(3)},
		{"< accepted", accepted(3)},
		{"< message 3: S-1 is done", tells(all["executed"])},
		{"> how far did you receive? (8)", asks(farAgain)},
		{"< message 4: up to 1 (8): nothing to send again", tells(&message.Status{AnswerHead: answer(1, 8, "")})},
		{"< end of session", end},
	} {
		fmt.Fprintf(&b, "%s\n", line.about)
		for text := hex.EncodeToString(line.bytes); text != ""; text = text[min(64, len(text)):] {
			fmt.Fprintf(&b, "    %s\n", text[:min(64, len(text))])
		}
	}
	b.WriteString("```\n")
	sample.IsOnPage(t, readme, "<!-- example -->\n", "<!-- end of example -->", b.String()+"\n")
}

func packet(t *testing.T) func([]byte, error) []byte {
	return func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}
