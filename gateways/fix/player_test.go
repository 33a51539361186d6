package main

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/gatewaytest"
	"fxcore/lambda/testkit"
)

// player plays a script for one provider.
type player struct {
	t       *testing.T
	gateway *gatewaytest.Gateway
	id      string
	conns   map[string]*client
}

// play does the steps in order. It stops at the first step that does not go as written.
func (s *script) play(t *testing.T, g *gatewaytest.Gateway, id string) {
	p := &player{t: t, gateway: g, id: id, conns: map[string]*client{}}
	for _, step := range s.steps {
		if err := p.do(step); err != nil {
			t.Fatalf("%s.fix:%d, as %s: %s%s %s\n%v", s.name, step.line, id, step.conn, step.verb, step.text, err)
		}
	}
}

// answerTime bounds the wait for an answer that should have come long ago.
const answerTime = 20 * time.Second

func (p *player) do(s step) error {
	c, open := p.conns[s.conn]
	if !open && s.verb != "-" {
		return errors.New("this connection is not open")
	}
	switch s.verb {
	case "-":
		return p.connect(s.conn)
	case "x":
		return c.conn.Close()
	case ">":
		_, err := c.conn.Write(p.message(s.text))
		return err
	case "raw>":
		_, err := c.conn.Write(unescaped(p.filled(s.text)))
		return err
	case "<":
		return p.expect(c, s.text)
	case "until":
		return p.await(c, s.text)
	case "<x":
		return ended(c)
	case "silence":
		return silent(c, s.text)
	}
	return errors.New("unknown")
}

// connect opens a connection. The provider's first one waits until the gateway knows that the last one is gone.
func (p *player) connect(conn string) error {
	if conn == "" && p.conns[conn] != nil {
		testkit.Eventually(p.t, "the end of the last connection", answerTime, func() error {
			status, err := p.gateway.Status()
			if err == nil && status.Counters["provider."+p.id+".logged_on"] != 0 {
				err = errors.New("still logged on")
			}
			return err
		})
	}
	p.conns[conn] = newClient(p.t, p.id).connect(p.gateway.Address)
	return nil
}

var (
	timeForm   = regexp.MustCompile(`<now([+-]\w+)?>`)
	fillerForm = regexp.MustCompile(`<(\d+)x>`)
	escapeForm = regexp.MustCompile(`\\x[0-9a-f]{2}`)
)

// filled replaces the words in angle brackets.
func (p *player) filled(text string) string {
	now := time.Now().UTC() // one for all of a line
	text = timeForm.ReplaceAllStringFunc(text, func(place string) string {
		shift, _ := time.ParseDuration(timeForm.FindStringSubmatch(place)[1])
		return now.Add(shift).Format("20060102-15:04:05.000")
	})
	text = fillerForm.ReplaceAllStringFunc(text, func(place string) string {
		n, _ := strconv.Atoi(fillerForm.FindStringSubmatch(place)[1])
		return strings.Repeat("x", n)
	})
	return strings.NewReplacer("<begin>", p.begin(), "<id>", p.id, "<user>", strings.ToLower(p.id)).Replace(text)
}

// unescaped turns bars into SOH and \x.. into bytes.
func unescaped(text string) []byte {
	text = strings.ReplaceAll(text, "|", "\x01")
	return []byte(escapeForm.ReplaceAllStringFunc(text, func(e string) string {
		n, _ := strconv.ParseUint(e[2:], 16, 8)
		return string([]byte{byte(n)})
	}))
}

func (p *player) begin() string { return newClient(p.t, p.id).version() }

// message completes a message. What the header lacks goes behind the first field, and a Logon's usual body to its end. A tag with
// a ! before it is left out. A tag with a + is a second one, and stays where it is.
func (p *player) message(text string) []byte {
	given := map[string]string{}
	var fields []string
	for _, f := range strings.Split(strings.TrimSuffix(p.filled(text), "|"), "|") {
		if f, stays := strings.CutPrefix(f, "+"); stays {
			fields = append(fields, f)
			continue
		}
		tag, value, _ := strings.Cut(f, "=")
		given[strings.TrimPrefix(tag, "!")] = value
		if !strings.HasPrefix(f, "!") && tag != "8" && tag != "9" && tag != "10" {
			fields = append(fields, f)
		}
	}
	missing := func(defaults ...string) (add []string) {
		for _, f := range defaults {
			if _, there := given[f[:strings.Index(f, "=")]]; !there {
				add = append(add, f)
			}
		}
		return add
	}
	header := missing("49="+p.id, "56=FXCORE", "52="+now())
	fields = append(fields[:1:1], append(header, fields[1:]...)...)
	if given["35"] == "A" {
		fields = append(fields, missing("98=0", "108=30", "553="+strings.ToLower(p.id), "554=secret")...)
		if p.begin() == "FIXT.1.1" {
			fields = append(fields, missing("1137=9")...)
		}
	}
	return framed(p.begin(), given, unescaped(strings.Join(fields, "|")+"|"))
}

// framed adds BeginString, BodyLength and CheckSum: those that the script gives, or the right ones.
func framed(begin string, given map[string]string, body []byte) []byte {
	if other, there := given["8"]; there {
		begin = other
	}
	whole := wire.Build(begin, body)
	head, trailer := whole[:len(whole)-len(body)-len("10=000|")], whole[len(whole)-len("10=000|"):]
	if length, there := given["9"]; there {
		head = []byte("8=" + begin + "\x019=" + length + "\x01")
	}
	if sum, there := given["10"]; there {
		if more, off := strings.CutPrefix(sum, "right+"); off {
			right, _ := strconv.Atoi(string(trailer[3:6]))
			shift, _ := strconv.Atoi(more)
			sum = fmt.Sprintf("%03d", (right+shift)%256)
		}
		trailer = []byte("10=" + sum + "\x01")
	}
	return append(append(append([]byte(nil), head...), body...), trailer...)
}

// expect reads the next message, whatever it is, and compares the fields that the script names.
func (p *player) expect(c *client, want string) error {
	raw, err := p.next(c)
	if err != nil {
		return err
	}
	return p.compare(raw, want)
}

// await reads until a message matches.
func (p *player) await(c *client, want string) error {
	for {
		raw, err := p.next(c)
		if err != nil || p.compare(raw, want) == nil {
			return err
		}
	}
}

func (p *player) next(c *client) ([]byte, error) {
	raw, err := c.readRaw(answerTime)
	if err != nil {
		return nil, fmt.Errorf("nothing to read: %w", err)
	}
	if fault := errors.Join(p.header(raw), notStandard(raw)); fault != nil {
		return nil, fmt.Errorf("got  %s\n%w", barred(raw), fault)
	}
	return raw, nil
}

func (p *player) compare(raw []byte, want string) error {
	values := map[string][]string{}
	for tag, value := range wire.Fields(raw) {
		values[strconv.Itoa(tag)] = append(values[strconv.Itoa(tag)], string(value))
	}
	for _, w := range strings.Split(strings.TrimSuffix(p.filled(want), "|"), "|") {
		if !matches(values, w) {
			return fmt.Errorf("got  %s\nwant %s", barred(raw), w)
		}
	}
	return nil
}

func barred(raw []byte) string { return strings.ReplaceAll(string(raw), "\x01", "|") }

// matches reports whether the fields are as the script says: 34=2 (equal), 58~in the text (contains), 122=* (present), !371
// (absent).
func matches(values map[string][]string, want string) bool {
	if tag, absent := strings.CutPrefix(want, "!"); absent {
		return len(values[tag]) == 0
	}
	at := strings.IndexAny(want, "=~")
	for _, v := range values[want[:at]] {
		if want[at+1:] == "*" || v == want[at+1:] || (want[at] == '~' && strings.Contains(v, want[at+1:])) {
			return true
		}
	}
	return false
}

// header checks what must hold for every message of the gateway. The cutter checks its frame.
func (p *player) header(raw []byte) error {
	value := func(tag string) string { return string(wire.Value(raw, tag)) }
	sent, err := time.Parse("20060102-15:04:05", value("52="))
	switch off := time.Since(sent); {
	case err != nil:
		return fmt.Errorf("SendingTime: %w", err)
	case off.Abs() > time.Minute:
		return fmt.Errorf("SendingTime is off by %s", off)
	case value("8=") != p.begin() || value("49=") != "FXCORE" || value("56=") != p.id:
		return errors.New("BeginString or CompIDs are not the session's")
	case value("43=") == "Y" && (value("122=") == "" || value("122=") > value("52=")):
		return errors.New("PossDupFlag without OrigSendingTime, or one after SendingTime")
	}
	return nil
}

// ended expects the gateway to disconnect without another message.
func ended(c *client) error {
	raw, err := c.readRaw(answerTime)
	var failed net.Error
	switch {
	case err == nil:
		return fmt.Errorf("the gateway should disconnect, got %s", told(raw))
	case errors.As(err, &failed) && failed.Timeout():
		return errors.New("the gateway should disconnect, and does not")
	}
	return nil
}

// silent expects that nothing comes on the first connection for a while, and that the connection stays.
func silent(c *client, text string) error {
	while, err := time.ParseDuration(text)
	if err != nil {
		return err
	}
	raw, err := c.readRaw(while)
	var failed net.Error
	switch {
	case err == nil:
		return fmt.Errorf("got %s", told(raw))
	case !errors.As(err, &failed) || !failed.Timeout():
		return fmt.Errorf("the connection ended: %w", err)
	}
	return nil
}
