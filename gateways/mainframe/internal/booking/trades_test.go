package booking

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
)

const sampleTrade = "1c2b5a60-8d1f-8e0a-9d56-0c1f5ee7a0b1"

// trade returns the producer's own sample as the n-th trade of a story.
func trade(t testing.TB, n int) event.Event {
	t.Helper()
	data := sample.Of(t, "services/trading/internal/messages", contract.TradeRegistered)
	return altered(t, bytes.ReplaceAll(data, []byte(sampleTrade), []byte(tradeID(n))), n)
}

func tradeID(n int) string { return event.NewID(testkit.Day, "trade", fmt.Sprint(n)) }

// altered returns the registered trade with the data given.
func altered(t testing.TB, data []byte, n int) event.Event {
	t.Helper()
	e, err := event.New(contract.TradeRegistered, event.NewID(testkit.Day, "registered", fmt.Sprint(n)), "alpha", tradeID(n), json.RawMessage(data))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// with returns the n-th trade with parts of its text replaced.
func with(t testing.TB, n int, oldNew ...string) event.Event {
	t.Helper()
	data := trade(t, n).Data
	for i := 0; i < len(oldNew); i += 2 {
		if !bytes.Contains(data, []byte(oldNew[i])) {
			t.Fatalf("the sample has no %s", oldNew[i])
		}
		data = bytes.Replace(data, []byte(oldNew[i]), []byte(oldNew[i+1]), 1)
	}
	return altered(t, data, n)
}
