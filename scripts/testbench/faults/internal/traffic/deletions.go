package traffic

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"fxcore/scripts/internal/apiclient"
	"fxcore/scripts/internal/pause"
)

// The demo's two persons of operations.
const (
	maker   = "U0013"
	checker = "U0021"
)

// The pace of the two persons.
const (
	eachTrade   = 200 * time.Millisecond // from one proposal to the next
	eachAttempt = 150 * time.Millisecond // at the same request, under the same key
	askBound    = 5 * time.Second        // of one attempt
	mostOpen    = 8                      // proposals under way
)

// Deletions are two persons who delete booked trades while the core is harmed: one proposes, the other one approves. Every fifth proposal the first
// one approves, which must not count, and withdraws. The two come in once, and serve all runs on a core.
type Deletions struct{ one, two *apiclient.Client }

// OpenDeletions brings the two persons in. door is the URL of the HTTP interface, folder that of the core.
func OpenDeletions(ctx context.Context, door, folder string) (*Deletions, error) {
	var d Deletions
	for user, client := range map[string]**apiclient.Client{maker: &d.one, checker: &d.two} {
		opened, err := apiclient.Open(door, folder, user)
		if err != nil {
			return nil, err
		}
		if err := opened.Login(ctx); err != nil {
			return nil, err
		}
		*client = opened
	}
	return &d, nil
}

// Close closes the connections.
func (d *Deletions) Close() {
	d.one.Close()
	d.two.Close()
}

// Run deletes trades until ctx ends, and returns how many approvals were accepted. run differs between runs; it is part of the keys. What was accepted takes
// place later, or its time passes.
func (d *Deletions) Run(ctx context.Context, run string) (approved int) {
	var under sync.WaitGroup
	var mu sync.Mutex
	room, touched := make(chan struct{}, mostOpen), map[string]bool{}
	for n := 0; pause.For(ctx, eachTrade); {
		for _, trade := range d.booked(ctx) {
			if touched[trade] {
				continue
			}
			touched[trade] = true
			n++
			room <- struct{}{}
			under.Go(func() {
				defer func() { <-room }()
				if d.delete(ctx, run, trade, n%5 == 0) {
					mu.Lock()
					approved++
					mu.Unlock()
				}
			})
			break
		}
	}
	under.Wait()
	return approved
}

// dealt is a trade as the interface shows it.
type dealt struct {
	ID        string
	TradeDate string `json:"trade_date"`
	Legs      []struct {
		ValueDate string `json:"value_date"`
	}
}

// booked returns trades that may be deleted: those that have changed last come first.
func (d *Deletions) booked(ctx context.Context) (ids []string) {
	var page struct{ Trades []dealt }
	if status := attempt(ctx, d.one, http.MethodGet, "/v1/trades?state=booked&limit=20", nil, nil, &page); status != http.StatusOK {
		return nil
	}
	today := ""
	for _, t := range page.Trades {
		today = max(today, t.TradeDate)
	}
	for _, t := range page.Trades {
		if t.far(today) {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// far reports whether the trade is paid three days after a date or later: the hours of some pairs begin two days before. The bank's clock goes on by a day while the core is harmed: whoever deletes a trade
// in the minute before its payment leaves the difference to a person.
func (t dealt) far(from string) bool {
	day, err := time.Parse(time.DateOnly, from)
	return err == nil && len(t.Legs) > 0 && t.Legs[0].ValueDate >= day.AddDate(0, 0, 3).Format(time.DateOnly)
}

// delete has a trade deleted, or, if it is to be withdrawn, the proposal withdrawn. It reports whether an approval was accepted.
func (d *Deletions) delete(ctx context.Context, run, trade string, withdrawn bool) bool {
	var asked struct {
		ActionID string `json:"action_id"`
	}
	key := run + "-" + trade
	if !insist(ctx, d.one, "/v1/trades/"+trade+"/deletions", http.Header{"Idempotency-Key": {key}, "If-Match": {`"1"`}}, map[string]string{"reason": "a test of faults"}, &asked) {
		return false
	}
	decide := func(by *apiclient.Client, decision string) bool {
		return insist(ctx, by, "/v1/actions/"+asked.ActionID+"/decisions", http.Header{"Idempotency-Key": {key + "-" + decision}}, map[string]string{"decision": decision, "reason": "seen"}, nil)
	}
	if withdrawn {
		decide(d.one, "approve")
		decide(d.one, "withdraw")
		return false
	}
	return decide(d.two, "approve")
}

// insist asks until the request is accepted or refused, or ctx ends. What is not known yet comes later.
func insist(ctx context.Context, by *apiclient.Client, path string, header http.Header, body, answer any) (accepted bool) {
	for {
		switch status := attempt(ctx, by, http.MethodPost, path, header, body, answer); status {
		case http.StatusAccepted:
			return true
		case http.StatusForbidden, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusBadRequest:
			return false
		}
		if !pause.For(ctx, eachAttempt) {
			return false
		}
	}
}

// attempt asks once and returns the status; 0 if there was no answer.
func attempt(ctx context.Context, by *apiclient.Client, method, path string, header http.Header, body, answer any) (status int) {
	ctx, cancel := context.WithTimeout(ctx, askBound)
	defer cancel()
	got, err := by.Do(ctx, method, path, header, body)
	if err != nil {
		return 0
	}
	if answer != nil && got.Status/100 == 2 {
		if err := json.Unmarshal(got.Body, answer); err != nil {
			return 0
		}
	}
	return got.Status
}
