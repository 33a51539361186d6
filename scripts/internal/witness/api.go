package witness

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"fxcore/scripts/internal/apiclient"
	"fxcore/scripts/internal/desk"
	"fxcore/scripts/testbench/oracle"
	"fxcore/scripts/testbench/oracle/record"
	"fxcore/services/contract"
)

// APITrader is a system of the bank with a desk that uses the HTTP interface. It records everything that it asks for and is told,
// and repeats a request under its key until it has the outcome. It asks for trades only.
type APITrader struct {
	*Book
	*open
	client *apiclient.Client
	name   string
	asked  chan asked

	record *record.Writer

	mu    sync.Mutex // one answer is recorded at a time, in the order of its number
	heard int
}

// asked is a request under way.
type asked struct {
	reference string // the core's: with the owner of the key
	key       string
	body      apiTrade
}

const (
	apiWorkers = 32 // requests under way
	apiQueue   = 4096
	apiPause   = 100 * time.Millisecond // between two attempts
	apiForm    = "api"
)

// NewAPITrader opens a desk. Keys begin with the name of the record.
func NewAPITrader(client *apiclient.Client, w *record.Writer, name string, seed uint64) (*APITrader, error) {
	t := &APITrader{open: newOpen(contract.APIProvider), client: client, name: name, record: w, asked: make(chan asked, apiQueue)}
	book, err := newBook(contract.APIProvider, name, seed, t.request)
	if err != nil {
		return nil, err
	}
	t.Book = book
	t.UseChecks(desk.Checks{None: true}, &Board{}, nil)
	return t, nil
}

// Provider returns the provider under which the core knows requests by the interface.
func (t *APITrader) Provider() string { return contract.APIProvider }

// Run makes the requests until ctx ends.
func (t *APITrader) Run(ctx context.Context) error {
	var workers sync.WaitGroup
	for range apiWorkers {
		workers.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case a := <-t.asked:
					t.insist(ctx, a)
				}
			}
		})
	}
	workers.Wait()
	return nil
}

// Connected gets a token, with as many attempts as it takes.
func (t *APITrader) Connected(ctx context.Context) error {
	for {
		err := t.client.Login(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(apiPause):
		}
	}
}

// Left returns the zero time: there is no connection that lasts.
func (t *APITrader) Left() time.Time { return time.Time{} }

// Numbers returns zeros: requests have keys.
func (t *APITrader) Numbers() (out, in int) { return 0, 0 }

// Finish waits until every request has its outcome. The caller must wait for Trade to return first.
func (t *APITrader) Finish(ctx context.Context) error { return t.Answered(ctx) }

func (t *APITrader) request(_ context.Context, r desk.Request, again bool) error {
	s := described(r, again)
	s.Form, s.Session, s.At = apiForm, contract.APIProvider, t.now()
	s.Reference = t.client.User() + "/" + r.Reference
	t.record.Sent(s)
	t.expect(s.Reference)
	t.asked <- asked{s.Reference, r.Reference, apiTradeOf(r)} // also if ctx ends: it is recorded
	return nil
}

// insist asks until there is an outcome, or ctx ends.
func (t *APITrader) insist(ctx context.Context, a asked) {
	header := http.Header{"Idempotency-Key": {a.key}, "Prefer": {"wait=20"}}
	for {
		got, err := t.client.Do(ctx, http.MethodPost, "/v1/trades", header, a.body)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			if answer, final := readAPI(got); final {
				t.received(a, answer)
				return
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(apiPause):
		}
	}
}

func (t *APITrader) received(a asked, answer oracle.Answer) {
	t.mu.Lock()
	t.heard++
	answer.Run, answer.Session, answer.Reference, answer.Form = t.name, contract.APIProvider, a.reference, apiForm
	answer.At, answer.Seq = t.now(), t.heard
	t.record.Received(answer)
	t.mu.Unlock()
	t.settle(a.reference)
	answer.Reference = a.key // by which the desk knows it
	t.answered(answer)
}

// readAPI returns the outcome; false if there is none yet.
func readAPI(got apiclient.Answer) (a oracle.Answer, final bool) {
	var said struct {
		ID        string
		State     string
		Code      string // of a problem
		Detail    string
		Rejection *struct{ Code, Text string }
	}
	if err := json.Unmarshal(got.Body, &said); err != nil {
		return a, false
	}
	switch {
	case got.Status == http.StatusOK && said.State == "rejected" && said.Rejection != nil:
		return oracle.Answer{State: oracle.Rejected, ID: said.ID, Reason: said.Rejection.Code, Text: said.Rejection.Text}, true
	case got.Status == http.StatusOK && said.State != "pending":
		return oracle.Answer{State: oracle.Accepted, ID: said.ID}, true
	case got.Status == http.StatusUnprocessableEntity, got.Status == http.StatusBadRequest, got.Status == http.StatusForbidden:
		return oracle.Answer{State: oracle.Refused, Reason: said.Code, Text: fmt.Sprintf("%d %s", got.Status, said.Detail)}, true
	}
	return a, false // accepted and not decided, or the core is away
}
