package engine

import (
	"fmt"

	"github.com/quickfixgo/quickfix"
)

// promise is what a Logon with NextExpectedMsgSeqNum(789) is owed: the provider does not ask for what it misses, so we send it
// after our Logon (FIX session protocol 1.1, Logon). The front adds the ResendRequest that the provider leaves out, see
// front.Session; quickfix alone would fill the gap instead of sending what is in it.
type promise struct {
	logon int // MsgSeqNum of the provider's Logon, and of the ResendRequest that the front adds
	from  int // first number that the provider misses
	reply int // number of our Logon
}

// checkPromise returns why NextExpectedMsgSeqNum(789) of a Logon cannot be served; empty if it can or is not there.
func (a application) checkPromise(m *quickfix.Message, loggedOn, reset bool) string {
	a.promise = nil
	a.owed.paying.Store(false)
	if !m.Body.Has(tagNextExpected) {
		return ""
	}
	from, err := m.Body.GetInt(tagNextExpected)
	next := a.store.Out.Next()
	if reset {
		next = 1
	}
	switch {
	case err != nil || from < 1 || from > next:
		return fmt.Sprintf("logon refused: NextExpectedMsgSeqNum(789) is %d, and our next message has MsgSeqNum(34) %d", from, next)
	case from < next && loggedOn:
		return "logon refused: NextExpectedMsgSeqNum(789) is served at the beginning of a connection: ask by a ResendRequest"
	}
	if why := a.tooMany(from, 0); why != "" && from < next {
		return "logon refused: " + why
	}
	seq, _ := m.Header.GetInt(tagMsgSeqNum)
	a.promise = &promise{logon: seq, from: from, reply: next}
	a.owed.open()
	return ""
}

// accept completes our Logon: if the provider gave NextExpectedMsgSeqNum(789), it gets ours.
func (a application) accept(m *quickfix.Message) {
	if a.promise == nil {
		return
	}
	a.promise.reply = a.store.Out.Next()
	due := a.store.In.Next()
	if a.promise.logon == due {
		due++ // the Logon is counted after our reply
	}
	m.Body.SetInt(tagNextExpected, due)
}

// keepPromise bounds the ResendRequest that the front has added: up to our Logon, which is filled, or nothing if the provider
// misses nothing. It returns false for any other ResendRequest.
func (a application) keepPromise(m *quickfix.Message) bool {
	p := a.promise
	again, _ := m.Header.GetBool(tagPossDupFlag)
	if seq, err := m.Header.GetInt(tagMsgSeqNum); err != nil || p == nil || !again || seq != p.logon {
		return false
	}
	a.promise = nil
	a.owed.paying.Store(true)
	m.Body.SetInt(tagBeginSeqNo, p.from)
	m.Body.SetInt(tagEndSeqNo, p.reply)
	if p.from >= p.reply {
		m.Body.SetInt(tagBeginSeqNo, maxSeqNum) // beyond all that was sent: nothing is
	}
	return true
}
