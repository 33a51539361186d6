package engine

import (
	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/wire"
)

// explainReject gives the Reject of a message that came without its body its true reason.
func (a application) explainReject(m *quickfix.Message) {
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
	m.Body.SetString(tagRefMsgType, ref)
	m.Body.SetInt(tagRejectReason, fault.Reason)
	m.Body.SetString(tagText, fault.Text)
	if fault.Tag != 0 {
		m.Body.SetInt(tagRefTagID, fault.Tag)
	}
}

func (a application) faultOf(seq int) (fault wire.Fault, noted bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	fault, noted = a.faults[seq]
	return fault, noted
}

// forget drops the notes about some numbers, or about all.
func (a application) forget(seqs ...int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(seqs) == 0 {
		clear(a.faults)
	}
	for _, seq := range seqs {
		delete(a.faults, seq)
	}
}

// refuseFaulty refuses what came without its body and yet has all that its type needs.
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
