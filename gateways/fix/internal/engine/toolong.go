package engine

import (
	"github.com/quickfixgo/quickfix"
)

// rejectOther is SessionRejectReason(373)=99, Other.
const rejectOther = 99

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
