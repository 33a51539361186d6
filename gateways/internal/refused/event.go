// Package refused tells the core which messages of providers a gateway has refused by itself, with the provider's own bytes. Such a
// message has become no request, so no other event has it.
//
// Only what a provider sends after its login counts: a stranger fills no table. The event is stored in the commit of the refusal, see
// store.Notice, and is published when that commit is done.
package refused

import (
	"embed"
	"strings"
	"time"
	"unicode"

	"fxcore/gateways/internal/story"
	"fxcore/lambda/amqp"
	"fxcore/services/contract"
)

//go:embed samples/*.json
var samples embed.FS

// Topology adds to a gateway's topology what this package publishes.
func Topology(t amqp.Topology) amqp.Topology {
	t.Publishes = append(t.Publishes, contract.Publication(samples, contract.MessageRefused,
		"A gateway has refused a provider's message by itself. left_out counts further refusals of a minute, whose messages are not told."))
	return t
}

// Data of the event.
type Data struct {
	Provider   string    `json:"provider"`
	ReceivedAt time.Time `json:"received_at"` // the bank's clock
	Reason     Reason    `json:"reason"`
	Reference  string    `json:"reference,omitempty"` // the provider's own, if it could be read
	LeftOut    int       `json:"left_out,omitempty"`  // so many more messages were refused in a minute; then there are no bytes

	Original story.Original `json:"original"`
}

// Reason is what the provider was told.
type Reason struct {
	Code string `json:"code"` // FIX: tag and value, 373=5 of a Reject, 380=4 of a BusinessMessageReject; socket: the reason's word
	Text string `json:"text"`
}

// Bounds of what is told.
const (
	MaxBytes     = 8 << 10 // of a message
	maxText      = 512
	maxReference = 64
)

// clean returns the beginning of a text without what cannot be shown or stored.
func clean(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return '?'
		}
		return r
	}, text[:min(len(text), most)])
	return text
}
