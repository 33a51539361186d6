package messages

import (
	"errors"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/contract"
)

// ReadMessageRefused decodes message.refused.
func ReadMessageRefused(e event.Event) (m blotter.RefusedMessage, err error) {
	d, err := read[struct {
		Provider   string    `json:"provider"`
		ReceivedAt time.Time `json:"received_at"`
		Reason     struct {
			Code string `json:"code"`
			Text string `json:"text"`
		} `json:"reason"`
		Reference string           `json:"reference"`
		LeftOut   int64            `json:"left_out"`
		Original  blotter.Original `json:"original"`
	}](e)
	if err != nil {
		return m, err
	}
	o := d.Original
	m = blotter.RefusedMessage{
		ID: e.ID, Provider: d.Provider, Protocol: o.Protocol, Session: o.Session, Sequence: o.Sequence, ReceivedAt: d.ReceivedAt,
		Code: d.Reason.Code, Text: d.Reason.Text, Reference: d.Reference, Size: o.Size, LeftOut: d.LeftOut, Bytes: o.Bytes,
	}
	if m.Provider == "" || m.ReceivedAt.IsZero() {
		return m, errors.New("read a refused message: it has no provider or no time")
	}
	return m, errors.Join(contract.CheckIsID("message id", m.ID), contract.CheckTexts(m.Provider, m.Protocol, m.Session, m.Code, m.Text, m.Reference))
}
