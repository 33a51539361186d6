package rest

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"fxcore/services/tracing/internal/store"
)

type auditList struct {
	Items  []auditForm `json:"items"`
	Before int64       `json:"before,omitempty"` // of the next page
}

// auditForm is one line of the audit.
type auditForm struct {
	Seq     int64      `json:"seq"`
	At      time.Time  `json:"at"`
	What    string     `json:"what"`
	Outcome string     `json:"outcome"`
	Who     string     `json:"who,omitempty"`
	Address string     `json:"address,omitempty"`
	About   string     `json:"about,omitempty"`
	Why     string     `json:"why,omitempty"`
	Count   int        `json:"count"`
	Since   *time.Time `json:"since,omitempty"`
	Source  string     `json:"source"`
	Message string     `json:"message_id"`
}

func auditQuery(v url.Values) (q store.AuditQuery, err error) {
	q = store.AuditQuery{What: v.Get("what"), Who: v.Get("who"), Address: v.Get("address"), About: v.Get("about"), Outcome: v.Get("outcome")}
	if q.From, q.To, err = between(v); err != nil {
		return q, err
	}
	if text := v.Get("before"); text != "" {
		if q.Before, err = strconv.ParseInt(text, 10, 64); err != nil || q.Before < 1 {
			return q, invalid("before is no number of an entry")
		}
	}
	q.Limit, err = limit(v)
	return q, err
}

func (s *Server) audit(r *http.Request) (any, error) {
	q, err := auditQuery(r.URL.Query())
	if err != nil {
		return nil, err
	}
	found, err := s.Trail.Audit(r.Context(), q)
	if err != nil {
		return nil, err
	}
	list := auditList{Items: []auditForm{}}
	for _, e := range found {
		list.Items = append(list.Items, auditForm{
			Seq: e.Seq, At: e.At, What: e.What, Outcome: e.Outcome, Who: e.Who, Address: e.Address, About: e.About, Why: e.Why, Count: e.Count, Since: e.Since,
			Source: e.Source, Message: e.ID,
		})
	}
	if len(found) == q.Limit {
		list.Before = found[len(found)-1].Seq
	}
	return list, nil
}

type auditState struct {
	At      *time.Time `json:"verified_at,omitempty"` // absent: the first walk has not ended
	Sound   bool       `json:"sound"`
	Fault   string     `json:"fault,omitempty"` // the first record that is not what was written
	Records int        `json:"records"`
	Seq     int64      `json:"last_seq"`
	Hash    string     `json:"last_hash"`
}

// auditChain tells what the last walk of the replica has found that answers.
func (s *Server) auditChain(*http.Request) (any, error) {
	state := s.Watch.State()
	a := auditState{Fault: state.Fault, Records: state.Records, Seq: state.Seq, Hash: state.Hash}
	if !state.At.IsZero() {
		a.At, a.Sound = &state.At, state.Fault == ""
	}
	return a, nil
}
