package record_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"fxcore/scripts/testbench/oracle"
	"fxcore/scripts/testbench/oracle/record"
)

func TestWhatIsWrittenIsRead(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 30, 0, 123456789, time.UTC)
	sent := oracle.Sent{
		Session: "TEST1", Reference: "R-1", Form: "D", Product: "spot", Uses: "K-1", For: "T-1", Rest: "free", Client: "C000001", Pair: "EUR/USD", Currency: "EUR", Side: "buy",
		Amount: decimal.RequireFromString("1000000"), Rate: decimal.RequireFromString("1.0843"), Quote: "Q-1", At: at,
	}
	again := sent
	again.Again = true
	answer := oracle.Answer{
		Run: "one.jsonl", Session: "TEST1", Reference: "R-1", Form: "8", State: oracle.Rejected, ID: "T-1", ExecID: "E-1", Reason: "3",
		Text: `limit "client/C000001"`, Seq: 17, At: at,
	}
	var file bytes.Buffer
	w := record.NewWriter(&file)
	w.Sent(sent)
	w.Sent(again)
	w.Received(answer)
	if err := w.Err(); err != nil {
		t.Fatal(err)
	}
	var got oracle.Evidence
	if err := record.Read(&file, "/some/where/one.jsonl", &got); err != nil {
		t.Fatal(err)
	}
	want := oracle.Evidence{Sent: []oracle.Sent{sent, again}, Received: []oracle.Answer{answer}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// As scripts/testbench/quickfixj writes them.
const quickfixj = `{"type":"session","time":"2026-11-23T09:30:00.1Z","session":"TEST2","what":"logon"}
{"type":"sent","time":"2026-11-23T09:30:00.2Z","session":"TEST2","ref":"TEST2-1-0","form":"DF","product":"spot","action":"reserve","client":"C000001","pair":"EUR/USD","currency":"EUR","side":"buy","amount":"10000","rate":"1.0843","attempt":"1"}
{"type":"received","time":"2026-11-23T09:30:00.3Z","session":"TEST2","ref":"TEST2-1-0","form":"DG","state":"accepted","id":"T","seq":"2","poss_dup":"N"}
`

func TestTheOtherEnginesRecordIsRead(t *testing.T) {
	var e oracle.Evidence
	if err := record.Read(strings.NewReader(quickfixj), "q.jsonl", &e); err != nil {
		t.Fatal(err)
	}
	if len(e.Sent) != 1 || e.Sent[0].Action != "reserve" || len(e.Received) != 1 || e.Received[0].State != oracle.Accepted {
		t.Errorf("%+v", e)
	}
}

func TestOnlyALastLineMayBeCutOff(t *testing.T) {
	cut := quickfixj[:len(quickfixj)-20]
	var e oracle.Evidence
	if err := record.Read(strings.NewReader(cut), "q.jsonl", &e); err != nil || len(e.Received) != 0 {
		t.Errorf("cut off at the end: %v, %d answers", err, len(e.Received))
	}
	if err := record.Read(strings.NewReader(cut+"\n"+quickfixj), "q.jsonl", &e); err == nil {
		t.Error("cut off in the middle: no error")
	}
	if err := record.Read(strings.NewReader(strings.Replace(quickfixj, `"sent"`, `"bent"`, 1)), "q.jsonl", &e); err == nil {
		t.Error("unknown type: no error")
	}
}
