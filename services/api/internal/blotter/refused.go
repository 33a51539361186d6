package blotter

import "time"

// RefusedMessage is a provider's message that a gateway has refused by itself, so that it has become no request.
type RefusedMessage struct {
	ID         string    `json:"id" format:"uuid"`
	Provider   string    `json:"provider"`
	Protocol   string    `json:"protocol" doc:"FIX.4.4, FIXT.1.1, socket"`
	Session    string    `json:"session" doc:"Whose numbers sequence counts"`
	Sequence   int64     `json:"sequence" doc:"Of the message, as the provider gave it; 0 if it could not be read"`
	ReceivedAt time.Time `json:"received_at" doc:"The bank's clock"`
	Code       string    `json:"code" doc:"What the provider was told. FIX: tag and value of the reason, 373=5 or 380=4. Socket: the reason. left_out: see that field"`
	Text       string    `json:"text"`
	Reference  string    `json:"reference,omitempty" doc:"The provider's own, if it could be read"`
	Size       int64     `json:"size" doc:"Bytes of the message. The original has at most the first 8192"`
	LeftOut    int64     `json:"left_out,omitempty" doc:"This is no message: so many more were refused in one minute of the session, and none of them is kept"`

	Bytes []byte `json:"-"`
}

// Original returns the message as it was received; false if this only counts messages.
func (m RefusedMessage) Original() (o Original, kept bool) {
	return Original{
		MessageID: m.ID, Protocol: m.Protocol, Session: m.Session, Sequence: m.Sequence, ReceivedAt: m.ReceivedAt, Bytes: m.Bytes, Size: m.Size,
	}, m.LeftOut == 0
}
