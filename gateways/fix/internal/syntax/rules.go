// Package syntax reads a provider's messages before the engine does. It refuses what quickfix accepts wrongly or refuses for a
// wrong reason, and rewrites what quickfix cannot read. It takes types and groups from the dictionaries of the session.
package syntax

import (
	"fmt"

	"github.com/quickfixgo/quickfix"
	"github.com/quickfixgo/quickfix/datadictionary"
)

// kind is the type of a field, as far as this package checks it.
type kind uint8

const (
	other kind = iota
	integer
	timestamp
)

// kindOf has the types of the dictionaries that are checked here.
var kindOf = map[string]kind{
	"INT": integer, "LENGTH": integer, "SEQNUM": integer, "NUMINGROUP": integer, "UTCTIMESTAMP": timestamp,
}

// framing are the integers that the front reads: they frame the message.
var framing = map[int]bool{tagBodyLength: true, tagMsgSeqNum: true}

// Rules are the rules of one session. They are safe for concurrent use.
type Rules struct {
	kinds     []kind                   // by tag
	groups    map[string]map[int]group // by message type and counting tag
	transport *datadictionary.DataDictionary
	app       *datadictionary.DataDictionary
	validator quickfix.Validator
}

// group has the members of a repeating group in order. A member that may stand at two places is there twice.
type group []int

// Load reads the rules from the files of the dictionaries. transport is empty for FIX 4.4, whose dictionary has the session's
// messages too. It fails if a file cannot be read.
func Load(transport, app string) (*Rules, error) {
	r := &Rules{groups: map[string]map[int]group{}}
	var err error
	if r.app, err = datadictionary.Parse(app); err != nil {
		return nil, fmt.Errorf("read dictionary: %w", err)
	}
	r.add(r.app)
	if transport != "" {
		if r.transport, err = datadictionary.Parse(transport); err != nil {
			return nil, fmt.Errorf("read dictionary: %w", err)
		}
		r.add(r.transport)
	}
	settings := quickfix.ValidatorSettings{CheckFieldsOutOfOrder: true, RejectInvalidMessage: true, CheckUserDefinedFields: true}
	r.validator = quickfix.NewValidator(settings, r.app, r.transport)
	return r, nil
}

func (r *Rules) add(d *datadictionary.DataDictionary) {
	for tag, field := range d.FieldTypeByTag {
		if k := kindOf[field.Type]; k != other && !framing[tag] {
			r.note(tag, k)
		}
	}
	for msgType, message := range d.Messages {
		for tag, field := range message.Fields {
			if field.IsGroup() {
				r.noteGroup(msgType, tag, field)
			}
		}
	}
}

func (r *Rules) note(tag int, k kind) {
	if tag >= len(r.kinds) {
		r.kinds = append(r.kinds, make([]kind, tag+1-len(r.kinds))...)
	}
	r.kinds[tag] = k
}

func (r *Rules) noteGroup(msgType string, tag int, field *datadictionary.FieldDef) {
	members := make(group, len(field.Fields))
	for i, member := range field.Fields {
		members[i] = member.Tag()
	}
	if r.groups[msgType] == nil {
		r.groups[msgType] = map[int]group{}
	}
	r.groups[msgType][tag] = members
}

// kind returns the type of a field.
func (r *Rules) kind(tag int) kind {
	if tag < 0 || tag >= len(r.kinds) {
		return other
	}
	return r.kinds[tag]
}
