package dialect

import (
	"bytes"

	"github.com/quickfixgo/quickfix"
)

// field is one tag=value of a message. A member of a repeating group knows the group (its counting tag) and its
// entry, from 1; elsewhere both are zero.
type field struct {
	tag, group quickfix.Tag
	entry      int
	value      []byte
}

// fields is a message, flat and in the order of the wire. A request has some twenty fields, for which a walk is
// faster than the engine's maps, and the engine's groups would be copied entry by entry.
type fields []field

// usual is the number of fields that a request rarely exceeds.
const usual = 48

// scan cuts the wire form into fields. What is not tag=value is left out: the engine has checked the form. account is the
// tag that stands for Account(1).
func scan(raw []byte, into fields, account quickfix.Tag) fields {
	var group quickfix.Tag
	var first quickfix.Tag
	entry := 0
	for len(raw) > 0 {
		var pair []byte
		pair, raw = cut(raw)
		f, ok := parseField(pair)
		if !ok {
			continue
		}
		if f.tag == account {
			f.tag = tagAccount
		}
		switch {
		case group != 0 && member(group, f.tag):
			if entry == 0 {
				first = f.tag
			}
			if f.tag == first {
				entry++
			}
			f.group, f.entry = group, entry
		case counts(f.tag):
			group, entry = f.tag, 0
		default:
			group = 0
		}
		into = append(into, f)
	}
	return into
}

func cut(raw []byte) (pair, rest []byte) {
	if end := bytes.IndexByte(raw, 1); end >= 0 {
		return raw[:end], raw[end+1:]
	}
	return raw, nil
}

func parseField(pair []byte) (field, bool) {
	tag := 0
	for i, c := range pair {
		switch {
		case c == '=' && i > 0:
			return field{tag: quickfix.Tag(tag), value: pair[i+1:]}, true
		case c < '0' || c > '9' || tag > 99999:
			return field{}, false
		}
		tag = tag*10 + int(c-'0')
	}
	return field{}, false
}

// counts tells whether tag opens a repeating group of our dictionaries.
func counts(tag quickfix.Tag) bool {
	switch tag {
	case tagNoPartyIDs, tagNoLegs, tagNoSides, tagNoRelatedParties, tagNoRequestingParties:
		return true
	}
	return false
}

// member tells whether tag belongs to the group, as our dictionaries define it.
func member(group, tag quickfix.Tag) bool {
	switch group {
	case tagNoPartyIDs:
		return tag == tagPartyID || tag == tagPartyIDSource || tag == tagPartyRole
	case tagNoSides:
		switch tag {
		case tagSide, tagOrderID, tagClOrdID, tagAccount, tagCurrency, tagSettlCurrAmt, tagUsedCheckID, tagUsedCheckIDType, tagCheckRequestType:
			return true
		}
		return false
	case tagNoRelatedParties:
		return tag > tagNoRelatedParties && tag <= tagNoRelatedParties+3
	case tagNoRequestingParties:
		return tag > tagNoRequestingParties && tag <= tagNoRequestingParties+3
	}
	switch tag {
	case tagLegSymbol, tagLegSecurityType, tagLegSide, tagLegCurrency, tagLegOrderQty, tagLegQty, tagLegRefID,
		tagLegPrice, tagLegSettlType, tagLegSettlDate, tagLegLastPx, tagLegLastForwardPoints, tagLegCalculatedQty, tagLegLastQty:
		return true
	}
	return false
}

// find returns the value of tag in an entry of a group, or, with group and entry zero, in the message itself.
func (fs fields) find(group quickfix.Tag, entry int, tag quickfix.Tag) ([]byte, bool) {
	for i := range fs {
		if fs[i].tag == tag && fs[i].group == group && fs[i].entry == entry {
			return fs[i].value, true
		}
	}
	return nil, false
}

// entries returns how many entries the group has.
func (fs fields) entries(group quickfix.Tag) int {
	n := 0
	for i := range fs {
		if fs[i].group == group {
			n = max(n, fs[i].entry)
		}
	}
	return n
}
