package dialect

import (
	"bytes"
	"strconv"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/wire"
)

// accountTag returns the provider's tag for Account(1).
func (d *Dialect) accountTag() quickfix.Tag {
	if d.variation.AccountTag != 0 {
		return quickfix.Tag(d.variation.AccountTag)
	}
	return tagAccount
}

// standardize rewrites the provider's own values to those of the standard dialect. It refuses a value that was not agreed.
func (d *Dialect) standardize(msg reader) {
	if d.standard {
		return
	}
	for i, f := range msg.fields {
		var text string
		var agreed bool
		switch f.tag {
		case tagSymbol, tagLegSymbol:
			text, agreed = d.variation.Pair(string(f.value))
		case tagSettlType, tagLegSettlType:
			text, agreed = d.variation.Tenor(string(f.value))
		default:
			continue
		}
		if !agreed {
			msg.refuse(outOfRange(f.tag, "not in the notation that was agreed"))
		}
		msg.fields[i].value = []byte(text)
	}
}

// form returns the MsgType in the standard dialect.
func (d *Dialect) form(msgType string) string {
	if types := d.variation.CheckTypes; types[0] != "" && msgType == types[0] {
		return formCheck44
	}
	return msgType
}

// vary rewrites an answer into the provider's dialect. It puts the whole body into the message's first field, so that quickfix
// writes it unchanged. Otherwise quickfix would not recognise the repeating groups.
func (d *Dialect) vary(m *quickfix.Message) *quickfix.Message {
	if d.standard {
		return m
	}
	var body []byte
	msgType, _ := m.MsgType()
	for tag, value := range wire.Fields(wire.Body(m.Bytes())) {
		body = append(d.varied(body, quickfix.Tag(tag), string(value)), '\x01')
	}
	varied := quickfix.NewMessage()
	if types := d.variation.CheckTypes; types[1] != "" && msgType == formCheckAck44 {
		msgType = types[1]
	}
	varied.Header.SetString(tagMsgType, msgType)
	first, rest, _ := bytes.Cut(bytes.TrimSuffix(body, []byte{1}), []byte("="))
	if tag, err := strconv.Atoi(string(first)); err == nil {
		varied.Body.SetBytes(quickfix.Tag(tag), rest)
	}
	return varied
}

// varied appends a field without its SOH.
func (d *Dialect) varied(body []byte, tag quickfix.Tag, value string) []byte {
	switch tag {
	case tagSymbol, tagLegSymbol:
		value = d.variation.Symbol(value)
	case tagSettlType, tagLegSettlType:
		value = d.variation.SettlType(value)
	case tagAccount:
		tag = d.accountTag()
	}
	return append(append(strconv.AppendInt(body, int64(tag), 10), '='), value...)
}
