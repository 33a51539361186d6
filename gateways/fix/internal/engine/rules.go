package engine

import (
	"fmt"
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/provider"
)

// maxSeqNum bounds what a provider may set its numbers to; the store keeps 32 bits.
const maxSeqNum = 2_000_000_000

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
