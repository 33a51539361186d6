package engine

import (
	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/wire"
)

// explainReject sets the true reason in the Reject of a message that came without its body. No Reject has an empty field.
func (a application) explainReject(m *quickfix.Message) {
	if ref, _ := m.Body.GetString(tagRefMsgType); ref == "" {
		m.Body.Remove(tagRefMsgType) // of a message whose MsgType is empty
	}
	seq, err := m.Body.GetInt(tagRefSeqNum)
	if err != nil {
		return
	}
	fault, noted := a.faultOf(seq)
	if !noted {
		return
	}
	a.forget(seq)
	ref, _ := m.Body.GetString(tagRefMsgType)
	m.Body.Clear()
	m.Body.SetInt(tagRefSeqNum, seq)
	if ref != "" {
		m.Body.SetString(tagRefMsgType, ref)
	}
	m.Body.SetInt(tagRejectReason, fault.Reason)
	m.Body.SetString(tagText, fault.Text)
	if fault.Tag != 0 {
		m.Body.SetInt(tagRefTagID, fault.Tag)
	}
}

// keepDue keeps quickfix from counting a SequenceReset that it refuses, unless its number is the one due. A SequenceReset
// does not use up a number: if it were counted, the provider's next message would be too low and end the session. quickfix
// does not count one whose NewSeqNo(36) is too low; it names no tag for that.
func (a application) keepDue(m *quickfix.Message) {
	seq, err := m.Body.GetInt(tagRefSeqNum)
	if ref, _ := m.Body.GetString(tagRefMsgType); err != nil || ref != "4" || seq == a.store.In.Next() {
		return
	}
	if _, noted := a.faultOf(seq); noted || m.Body.Has(tagRefTagID) {
		a.store.In.Uncount()
	}
}

func (a application) faultOf(seq int) (fault wire.Fault, noted bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	fault, noted = a.faults[seq]
	return fault, noted
}

// forget drops the notes about the given numbers, or all notes if none is given.
func (a application) forget(seqs ...int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(seqs) == 0 {
		clear(a.faults)
		clear(a.received)
		a.arrived.dropAll()
	}
	for _, seq := range seqs {
		delete(a.faults, seq)
	}
}

// refuseFaulty refuses a message that came without its body but that quickfix finds valid.
func (a application) refuseFaulty(m *quickfix.Message) quickfix.MessageRejectError {
	seq, err := m.Header.GetInt(tagMsgSeqNum)
	if err != nil {
		return err
	}
	if fault, noted := a.faultOf(seq); noted {
		return quickfix.NewMessageRejectError(fault.Text, fault.Reason, nil)
	}
	return nil
}
