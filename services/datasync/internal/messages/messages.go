// Package messages is what datasync says and hears.
package messages

import (
	"embed"
	"encoding/json"
	"fmt"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// Deliveries is the queue of the pages that the mainframe's gateway delivers.
const Deliveries = "datasync"

// Origin is where requests of the clock come in.
const Origin = "batch"

const exchange = "fx.static"

// The types that datasync publishes and reads.
var (
	StaticRequested = event.Type{Name: "static.requested", Version: 1}
	StaticDelivered = event.Type{Name: "static.delivered", Version: 1}
)

// Requested is the data of static.requested.
type Requested struct {
	Set          string `json:"set"`
	KnownVersion int64  `json:"known_version"` // what Redis holds, 0 for none: the same one need not be sent again
}

// Delivered is what datasync reads of static.delivered.
type Delivered struct {
	Set     string                     `json:"set"`
	Version int64                      `json:"version"` // grows with each change of the set
	AsOf    time.Time                  `json:"as_of"`   // the mainframe's time for which the records hold
	Page    int                        `json:"page"`    // from 1
	Pages   int                        `json:"pages"`   // 0: the version is the known one, only AsOf is news
	Records map[string]json.RawMessage `json:"records"`
}

//go:embed samples/*.json
var samples embed.FS

// Topology is what datasync declares at the broker.
func Topology() amqp.Topology {
	return amqp.Topology{
		Service: "datasync",
		Queues: []amqp.Queue{{
			Name: Deliveries, Purpose: "keeps the mainframe's data sets in Redis, whole and with their age",
			Bindings: []amqp.Binding{{Exchange: exchange, Key: StaticDelivered.Name + ".*"}},
		}},
		Publishes: []amqp.Publication{
			amqp.Sampled(samples, exchange, StaticRequested, "A data set is due to be fetched again; the answer may say that it has not changed."),
		},
	}
}

// Read decodes a delivered page. An error means that it can never be handled.
func Read(e event.Event) (Delivered, error) {
	var d Delivered
	if e.Type != StaticDelivered {
		return d, fmt.Errorf("read %s %s: not a delivered set", e.Type, e.ID)
	}
	if err := e.Read(&d); err != nil {
		return d, err
	}
	switch {
	case !isName(d.Set):
		return d, fmt.Errorf("read %s %s: %q is not a set's name", e.Type, e.ID, d.Set)
	case d.Version < 1 || d.AsOf.IsZero():
		return d, fmt.Errorf("read %s %s: no version or time", e.Type, e.ID)
	case d.Pages < 0 || d.Pages > 0 && (d.Page < 1 || d.Page > d.Pages):
		return d, fmt.Errorf("read %s %s: page %d of %d", e.Type, e.ID, d.Page, d.Pages)
	}
	return d, nil
}

// isName tells whether a set may be called so: small letters, since the name becomes part of keys.
func isName(set string) bool {
	for _, c := range []byte(set) {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return set != "" && len(set) <= 32
}
