package engine

import (
	"fmt"
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/ingest"
	"fxcore/gateways/fix/internal/provider"
	"fxcore/lambda/event"
)

// Tags that the engine's rules look at.
const (
	tagBeginSeqNo       quickfix.Tag = 7
	tagEndSeqNo         quickfix.Tag = 16
	tagMsgSeqNum        quickfix.Tag = 34
	tagMsgType          quickfix.Tag = 35
	tagNewSeqNo         quickfix.Tag = 36
	tagPossDupFlag      quickfix.Tag = 43
	tagRefSeqNum        quickfix.Tag = 45
	tagText             quickfix.Tag = 58
	tagEncryptMethod    quickfix.Tag = 98
	tagHeartBtInt       quickfix.Tag = 108
	tagResetSeqNumFlag  quickfix.Tag = 141
	tagRefMsgType       quickfix.Tag = 372
	tagRejectReason     quickfix.Tag = 373
	tagDefaultApplVerID quickfix.Tag = 1137
)

// maxSeqNum bounds what a provider may set its numbers to; the store keeps 32 bits.
const maxSeqNum = 2_000_000_000

// rejectOther is SessionRejectReason(373)=99, Other.
const rejectOther = 99

// application is what quickfix calls back. All but ToApp comes from the session's one goroutine, which must not wait.
type application struct{ *Engine }

func (a application) OnCreate(quickfix.SessionID) {}

// OnLogon notes that the provider is logged on.
func (a application) OnLogon(quickfix.SessionID) { a.note(true) }

// OnLogout notes that it no longer is.
func (a application) OnLogout(quickfix.SessionID) { a.note(false) }

func (a application) note(loggedOn bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.loggedOn != loggedOn {
		a.loggedOn, a.since = loggedOn, time.Now()
		in, out := a.store.Numbers()
		a.log.Info("session changed", "logged_on", loggedOn, "next_in", in, "next_out", out)
	}
}

// ToAdmin completes what quickfix says by itself.
func (a application) ToAdmin(m *quickfix.Message, _ quickfix.SessionID) {
	a.store.Attach(nil)
	switch msgType(m) {
	case "A":
		a.forget() // numbers may begin again
	case "3":
		a.explainReject(m)
	case "5":
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.stopping && !m.Body.Has(tagText) {
			m.Body.SetString(tagText, "the gateway is stopping: log on again in a moment")
		}
	}
}

// explainReject gives the Reject of a message that was too long its true reason.
func (a application) explainReject(m *quickfix.Message) {
	seq, err := m.Body.GetInt(tagRefSeqNum)
	if err != nil {
		return
	}
	why, noted := a.tooLongAt(seq)
	if !noted {
		return
	}
	a.forget(seq)
	ref, _ := m.Body.GetString(tagRefMsgType)
	m.Body.Clear()
	m.Body.SetInt(tagRefSeqNum, seq)
	m.Body.SetString(tagRefMsgType, ref)
	m.Body.SetInt(tagRejectReason, rejectOther)
	m.Body.SetString(tagText, why)
}

func (a application) tooLongAt(seq int) (why string, noted bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	why, noted = a.tooLong[seq]
	return why, noted
}

// forget drops the notes about some numbers, or about all.
func (a application) forget(seqs ...int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(seqs) == 0 {
		clear(a.tooLong)
	}
	for _, seq := range seqs {
		delete(a.tooLong, seq)
	}
}

// ToApp ties a message of ours to its cause, just before it is stored. It vetoes nothing: every answer is a fact, also
// when it is sent again.
func (a application) ToApp(m *quickfix.Message, _ quickfix.SessionID) error {
	if m.Header.Has(tagPossDupFlag) {
		return nil // sent again: it is stored
	}
	if o := a.outgoing.Load(); o != nil && o.msg == m {
		a.store.Attach(o.cause)
	} else {
		a.store.Attach(nil) // a BusinessMessageReject by quickfix
	}
	return nil
}

// FromAdmin checks what quickfix does not.
func (a application) FromAdmin(m *quickfix.Message, _ quickfix.SessionID) quickfix.MessageRejectError {
	if err := a.refuseTooLong(m); err != nil {
		return err
	}
	switch msgType(m) {
	case "A":
		return a.checkLogon(m)
	case "2":
		return checkResendRequest(m)
	case "4":
		return checkSequenceReset(m)
	}
	return nil
}

func (a application) refuseTooLong(m *quickfix.Message) quickfix.MessageRejectError {
	seq, err := m.Header.GetInt(tagMsgSeqNum)
	if err != nil {
		return err
	}
	if why, noted := a.tooLongAt(seq); noted {
		return quickfix.NewMessageRejectError(why, rejectOther, nil)
	}
	return nil
}

// checkLogon refuses a logon with a Logout that says why. The refused one is not counted, see store.Session.Uncount; if
// the provider counts it, it will be asked for it and fill the gap.
func (a application) checkLogon(m *quickfix.Message) quickfix.MessageRejectError {
	a.mu.Lock()
	refusal, loggedOn := a.refusal, a.loggedOn
	a.mu.Unlock()
	if refusal == "" {
		refusal = a.breach(m)
	}
	if refusal == "" {
		return nil
	}
	if !loggedOn { // else quickfix logs out without counting
		a.store.Uncount()
	}
	return quickfix.RejectLogon{Text: refusal}
}

// breach tells which of the provider's rules a logon breaks, if any.
func (a application) breach(m *quickfix.Message) string {
	longest := int(a.provider.MaxHeartbeat / time.Second)
	if beat, err := m.Body.GetInt(tagHeartBtInt); err != nil || beat < 1 || beat > longest {
		return fmt.Sprintf("logon refused: HeartBtInt(108) must be 1 to %d", longest)
	}
	if method, err := m.Body.GetString(tagEncryptMethod); err == nil && method != "0" {
		return "logon refused: EncryptMethod(98) must be 0"
	}
	if reset, err := m.Body.GetBool(tagResetSeqNumFlag); err == nil && reset && a.provider.Reset == provider.ResetNever {
		return "logon refused: ResetSeqNumFlag(141) is not accepted: go on with the numbers of the last session"
	}
	if version := a.provider.DefaultApplVerID; version != "" {
		if given, err := m.Body.GetString(tagDefaultApplVerID); err == nil && given != version {
			return fmt.Sprintf("logon refused: DefaultApplVerID(1137) must be %s", version)
		}
	}
	return ""
}

// checkResendRequest refuses ranges that no message can be in: quickfix would fill the gap before the first message.
func checkResendRequest(m *quickfix.Message) quickfix.MessageRejectError {
	begin, err := m.Body.GetInt(tagBeginSeqNo)
	if err == nil && begin < 1 {
		return quickfix.ValueIsIncorrect(tagBeginSeqNo)
	}
	if end, err := m.Body.GetInt(tagEndSeqNo); err == nil && end != 0 && end < begin {
		return quickfix.ValueIsIncorrect(tagEndSeqNo)
	}
	return nil
}

// checkSequenceReset refuses numbers that no session gets to.
func checkSequenceReset(m *quickfix.Message) quickfix.MessageRejectError {
	if next, err := m.Body.GetInt(tagNewSeqNo); err == nil && next > maxSeqNum {
		return quickfix.ValueIsIncorrect(tagNewSeqNo)
	}
	return nil
}

// FromApp turns a request into an event and queues it for the broker. It never waits: what there is no room for is
// refused, and may be sent again.
func (a application) FromApp(m *quickfix.Message, _ quickfix.SessionID) quickfix.MessageRejectError {
	if err := a.refuseTooLong(m); err != nil {
		return err
	}
	seq, err := m.Header.GetInt(tagMsgSeqNum)
	if err != nil {
		return err
	}
	name, generation, created := a.store.Entry()
	entry := event.NewID("requested", name, created.Format(time.RFC3339Nano), sequence(seq))
	in, refusal := a.dialect.ToEvent(a.facts, entry, time.Now(), m)
	if refusal != nil {
		return refusal
	}
	again, _ := m.Header.GetBool(tagPossDupFlag)
	r := &ingest.Request{Seq: seq, Generation: generation, PossDup: again, Event: in.Event}
	a.store.Hold(seq)
	if a.store.Busy() || !a.requests.Submit(r) {
		a.store.Release(generation, seq)
		return a.dialect.Overloaded(a.facts, m)
	}
	return nil
}

func msgType(m *quickfix.Message) string {
	t, err := m.MsgType()
	if err != nil {
		return ""
	}
	return t
}
