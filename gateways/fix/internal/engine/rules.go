package engine

import (
	"fmt"
	"math"
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/provider"
)

// maxSeqNum bounds what a provider may set its numbers to; the store keeps 32 bits.
const maxSeqNum = 2_000_000_000

// maxLatency bounds how far SendingTime(52) may be from our clock.
const maxLatency = 120 * time.Second

// rejectSendingTime is SessionRejectReason(373)=10, SendingTime accuracy problem. quickfix logs out after it.
const rejectSendingTime = 10

// checkLogon refuses a logon with a Logout that says why. The refused one is not counted, see store.Incoming.Uncount; if
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
	if loggedOn { // quickfix logs out without counting, and without a word
		a.mu.Lock()
		a.parting = refusal
		a.mu.Unlock()
	} else {
		a.store.In.Uncount()
	}
	return quickfix.RejectLogon{Text: refusal}
}

// breach tells which of the provider's rules a logon breaks, if any.
func (a application) breach(m *quickfix.Message) string {
	longest := int(a.Provider().MaxHeartbeat / time.Second)
	if beat, err := m.Body.GetInt(tagHeartBtInt); err != nil || beat < 1 || beat > longest {
		return fmt.Sprintf("logon refused: HeartBtInt(108) must be 1 to %d", longest)
	}
	if method, err := m.Body.GetString(tagEncryptMethod); err == nil && method != "0" {
		return "logon refused: EncryptMethod(98) must be 0"
	}
	if off := sentOff(m); off >= maxLatency { // quickfix looks when it has reset the numbers
		return fmt.Sprintf("logon refused: SendingTime(52) is not within %s of ours", maxLatency)
	}
	if reset, err := m.Body.GetBool(tagResetSeqNumFlag); err == nil && reset {
		if a.provider.Reset == provider.ResetNever {
			return "logon refused: ResetSeqNumFlag(141) is not accepted: go on with the numbers of the last session"
		}
		if seq, err := m.Header.GetInt(tagMsgSeqNum); err != nil || seq != 1 {
			return "logon refused: with ResetSeqNumFlag(141) MsgSeqNum(34) must be 1"
		}
	}
	if version := a.provider.DefaultApplVerID; version != "" {
		if given, err := m.Body.GetString(tagDefaultApplVerID); err == nil && given != version {
			return fmt.Sprintf("logon refused: DefaultApplVerID(1137) must be %s", version)
		}
	}
	return ""
}

// sentOff is how far a message's SendingTime is from our clock; for ever, if there is none.
func sentOff(m *quickfix.Message) time.Duration {
	sent, err := m.Header.GetTime(tagSendingTime)
	if err != nil {
		return math.MaxInt64
	}
	return time.Since(sent).Abs()
}

// checkPossDup refuses a message that may have been sent before and does not say when, or when it cannot have been
// (FIX 4.4 volume 2, test cases 2f and 2g). quickfix looks at those alone that it has taken already. A gap fill need not
// say it: it stands for what was never kept.
func checkPossDup(m *quickfix.Message) quickfix.MessageRejectError {
	if again, _ := m.Header.GetBool(tagPossDupFlag); !again {
		return nil
	}
	first, err := m.Header.GetTime(tagOrigSendingTime)
	if err != nil {
		return quickfix.RequiredTagMissing(tagOrigSendingTime)
	}
	if sent, err := m.Header.GetTime(tagSendingTime); err == nil && first.After(sent) {
		return quickfix.NewMessageRejectError("SendingTime accuracy problem", rejectSendingTime, nil)
	}
	return nil
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
