package engine

import (
	"fmt"
	"math"
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/wire"
)

// maxSeqNum is the highest number that a provider may set. The store has 32 bits for it.
const maxSeqNum = 2_000_000_000

// maxLatency is how far SendingTime(52) may be from our clock.
const maxLatency = 120 * time.Second

// rejectSendingTime is SessionRejectReason(373)=10, SendingTime accuracy problem. quickfix logs out after it.
const rejectSendingTime = 10

// checkLogon refuses a logon with a Logout that says why. A refused logon is not counted, see store.Incoming.Uncount. If the
// provider counts it, we ask for it after the next logon, and the provider fills the gap.
func (a application) checkLogon(m *quickfix.Message) quickfix.MessageRejectError {
	a.mu.Lock()
	refusal, loggedOn := a.refusal, a.loggedOn
	a.mu.Unlock()
	if refusal == "" {
		refusal = a.breach(m)
	}
	if refusal == "" {
		reset, _ := m.Body.GetBool(tagResetSeqNumFlag)
		refusal = a.checkPromise(m, loggedOn, reset)
	}
	if refusal == "" {
		return nil
	}
	if loggedOn { // quickfix would log out without counting and without a text
		a.mu.Lock()
		a.parting = refusal
		a.mu.Unlock()
	} else {
		a.store.In.Uncount()
	}
	return quickfix.RejectLogon{Text: refusal}
}

// breach returns the rule of the provider that a logon breaks, as a text; empty if none.
func (a application) breach(m *quickfix.Message) string {
	longest := int(a.Provider().MaxHeartbeat / time.Second)
	if beat, err := m.Body.GetInt(tagHeartBtInt); err != nil || beat < 1 || beat > longest {
		return fmt.Sprintf("logon refused: HeartBtInt(108) must be 1 to %d", longest)
	}
	if method, err := m.Body.GetString(tagEncryptMethod); err == nil && method != "0" {
		return "logon refused: EncryptMethod(98) must be 0"
	}
	if test, err := m.Body.GetBool(tagTestMessage); err == nil && test {
		return "logon refused: TestMessageIndicator(464) must not be Y: this session trades for real"
	}
	if off := sentOff(m); off >= maxLatency { // quickfix checks this only after it has reset the numbers
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

// sentOff returns how far a message's SendingTime is from our clock; the longest duration if there is none.
func sentOff(m *quickfix.Message) time.Duration {
	sent, err := m.Header.GetTime(tagSendingTime)
	if err != nil {
		return math.MaxInt64
	}
	return time.Since(sent).Abs()
}

// checkPossDup refuses a PossDup message whose OrigSendingTime(122) is missing or later than its SendingTime (FIX 4.4 volume 2,
// test cases 2f and 2g). quickfix checks only messages that it has taken before. A gap fill needs no OrigSendingTime,
// because it replaces messages that were not kept.
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

// checkResendRequest refuses ranges that contain no message, because quickfix would fill a gap before the first message. It also
// refuses what is asked for too often. A request that stands for NextExpectedMsgSeqNum(789) was checked at the logon.
func (a application) checkResendRequest(m *quickfix.Message) quickfix.MessageRejectError {
	begin, err := m.Body.GetInt(tagBeginSeqNo)
	if err == nil && begin < 1 {
		return quickfix.ValueIsIncorrect(tagBeginSeqNo)
	}
	end, endErr := m.Body.GetInt(tagEndSeqNo)
	if endErr == nil && end != 0 && end < begin {
		return quickfix.ValueIsIncorrect(tagEndSeqNo)
	}
	readable := err == nil && endErr == nil
	if promised := a.keepPromise(m); promised || !readable {
		return nil
	}
	if why := a.tooMany(begin, end); why != "" {
		return quickfix.NewMessageRejectError(why, wire.ReasonOther, nil)
	}
	return nil
}

// checkSequenceReset refuses numbers above maxSeqNum.
func checkSequenceReset(m *quickfix.Message) quickfix.MessageRejectError {
	if next, err := m.Body.GetInt(tagNewSeqNo); err == nil && next > maxSeqNum {
		return quickfix.ValueIsIncorrect(tagNewSeqNo)
	}
	return nil
}
