package engine

import (
	"log/slog"
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/ingest"
	"fxcore/lambda/event"
)

// Tags that the engine's rules read.
const (
	tagBeginSeqNo       quickfix.Tag = 7
	tagEndSeqNo         quickfix.Tag = 16
	tagMsgSeqNum        quickfix.Tag = 34
	tagMsgType          quickfix.Tag = 35
	tagNewSeqNo         quickfix.Tag = 36
	tagPossDupFlag      quickfix.Tag = 43
	tagRefSeqNum        quickfix.Tag = 45
	tagSendingTime      quickfix.Tag = 52
	tagText             quickfix.Tag = 58
	tagEncryptMethod    quickfix.Tag = 98
	tagHeartBtInt       quickfix.Tag = 108
	tagOrigSendingTime  quickfix.Tag = 122
	tagResetSeqNumFlag  quickfix.Tag = 141
	tagRefTagID         quickfix.Tag = 371
	tagRefMsgType       quickfix.Tag = 372
	tagRejectReason     quickfix.Tag = 373
	tagTestMessage      quickfix.Tag = 464
	tagBusinessReason   quickfix.Tag = 380
	tagNextExpected     quickfix.Tag = 789
	tagDefaultApplVerID quickfix.Tag = 1137
)

// application has the callbacks of quickfix. The session's one goroutine calls all of them but ToApp, and must not wait.
type application struct{ *Engine }

func (a application) OnCreate(quickfix.SessionID) {}

// OnLogon notes that the provider is logged on.
func (a application) OnLogon(quickfix.SessionID) { a.note(true) }

// OnLogout notes that the provider is no longer logged on.
func (a application) OnLogout(quickfix.SessionID) { a.note(false) }

func (a application) note(loggedOn bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.loggedOn != loggedOn {
		a.loggedOn, a.since = loggedOn, time.Now()
		a.tell()
		in, out := a.store.Numbers()
		a.said.Let(a.log, func(log *slog.Logger) {
			log.Info("session changed", "logged_on", loggedOn, "next_in", in, "next_out", out)
		})
	}
}

// ToAdmin completes the session messages that quickfix sends by itself.
func (a application) ToAdmin(m *quickfix.Message, _ quickfix.SessionID) {
	a.store.Out.Attach(nil)
	switch msgType(m) {
	case "A":
		a.forget() // the numbers may begin again
		a.accept(m)
	case "3":
		cause, came := a.refuses(m)
		a.keepDue(m)
		a.explainReject(m)
		a.store.Out.Attach(a.told(cause, came, m))
	case "5":
		a.explainLogout(m)
	}
}

// explainLogout sets the text of our Logout if quickfix gives none.
func (a application) explainLogout(m *quickfix.Message) {
	a.mu.Lock()
	defer a.mu.Unlock()
	why := a.parting
	a.parting = ""
	if why == "" && a.stopping {
		if why = a.farewell; why == "" {
			why = "the gateway is stopping: log on again in a moment"
		}
	}
	if a.ending != "" {
		m.Body.SetString(tagText, a.ending)
		a.ending = ""
		return
	}
	if why != "" && !m.Body.Has(tagText) {
		m.Body.SetString(tagText, why)
	}
}

// ToApp attaches the cause to an outgoing message just before the message is stored. It never stops a message that this
// engine sends, also not a repeated one: every answer is a fact. It does stop a message that did not come through Send and so
// has no cause.
func (a application) ToApp(m *quickfix.Message, _ quickfix.SessionID) error {
	if m.Header.Has(tagPossDupFlag) {
		return nil // a repeated message is stored already
	}
	o := a.outgoing.Load()
	switch {
	case o != nil && o.msg == m:
		a.store.Out.Attach(o.cause)
	case msgType(m) == "j":
		cause, came := a.refuses(m) // quickfix made it
		a.store.Out.Attach(a.told(cause, came, m))
	default:
		return quickfix.ErrDoNotSend
	}
	return nil
}

// FromAdmin checks the rules that quickfix does not check.
func (a application) FromAdmin(m *quickfix.Message, _ quickfix.SessionID) quickfix.MessageRejectError {
	if err := a.refuseFaulty(m); err != nil {
		return err
	}
	switch msgType(m) {
	case "A":
		a.serve()
		return a.checkLogon(m)
	case "4":
		return checkSequenceReset(m)
	case "2":
		if err := a.checkResendRequest(m); err != nil {
			return err
		}
	case "3":
		a.noteRefusal(m)
	}
	return checkPossDup(m)
}

// FromApp turns a request into an event and queues it for the broker. It does not wait: if there is no room it refuses the
// request, and the provider may send it again.
func (a application) FromApp(m *quickfix.Message, _ quickfix.SessionID) quickfix.MessageRejectError {
	if err := a.refuseFaulty(m); err != nil {
		return err
	}
	if err := checkPossDup(m); err != nil {
		return err
	}
	if msgType(m) == "j" {
		a.noteRefusal(m)
		return nil // a reject is never answered by a reject: that could go on for ever
	}
	seq, err := m.Header.GetInt(tagMsgSeqNum)
	if err != nil {
		return err
	}
	name, generation, created := a.store.Entry()
	in, refusal := a.dialect.ToEvent(a.facts, func(correlation string) string {
		return event.NewID(event.DayOfID(correlation), "requested", name, created.Format(time.RFC3339Nano), sequence(seq))
	}, a.bank(), m)
	if refusal == nil {
		in.Event, refusal = a.withOriginal(in.Event, seq, name, m)
	}
	if refusal != nil {
		return refusal
	}
	again, _ := m.Header.GetBool(tagPossDupFlag)
	r := &ingest.Request{Seq: seq, Generation: generation, PossDup: again, Event: in.Event}
	a.store.In.AwaitConfirm(seq)
	if a.store.Busy() || !a.requests.Submit(r) {
		a.store.In.Confirm(generation, seq)
		return a.dialect.Overloaded(a.facts, m)
	}
	a.arrived.drop(seq)
	return nil
}

// maxNoted bounds a text of the provider in the log, in bytes.
const maxNoted = 512

// noteRefusal logs that the provider rejected a message of ours.
func (a application) noteRefusal(m *quickfix.Message) {
	seq, _ := m.Body.GetInt(tagRefSeqNum)
	why, _ := m.Body.GetString(tagText)
	a.said.Let(a.log, func(log *slog.Logger) {
		log.Warn("provider refused a message of ours", "number", seq, "event.reason", wire.Masked(why[:min(len(why), maxNoted)]))
	})
}

func msgType(m *quickfix.Message) string {
	t, err := m.MsgType()
	if err != nil {
		return ""
	}
	return t
}
