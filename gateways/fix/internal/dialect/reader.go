package dialect

import "github.com/quickfixgo/quickfix"

// Bounds on texts that a provider chooses.
const (
	maxReference = 64
	maxParty     = 32
	maxSymbol    = 32
	maxText      = 512
)

// reader reads values from a message and keeps the first fault. After a fault it returns empty values. So the caller reads field
// by field and checks for a fault once, at the end.
type reader struct {
	fields
	group quickfix.Tag // 0 for the message itself
	entry int
	first *fault // shared by all readers of a message
}

// fault is the fault of a message, with the provider's reference for a business reject.
type fault struct {
	err       quickfix.MessageRejectError
	reference string
	account   quickfix.Tag // that stands for Account(1)
}

// within returns a reader of one entry of a group, from 1.
func (r reader) within(group quickfix.Tag, entry int) reader {
	r.group, r.entry = group, entry
	return r
}

// named returns the tag that the provider uses for a standard tag.
func (r reader) named(tag quickfix.Tag) quickfix.Tag {
	if tag == tagAccount {
		return r.first.account
	}
	return tag
}

func (r reader) refuse(err quickfix.MessageRejectError) {
	if r.first.err == nil {
		r.first.err = err
	}
}

// value returns the value of tag; one without content counts as absent.
func (r reader) value(tag quickfix.Tag) ([]byte, bool) {
	v, ok := r.find(r.group, r.entry, tag)
	return v, ok && len(v) > 0
}

func (r reader) has(tag quickfix.Tag) bool {
	_, ok := r.value(tag)
	return ok
}

// need refuses the message when the field is absent, which its dictionary demands of all messages of the type.
func (r reader) need(tag quickfix.Tag) reader {
	if !r.has(tag) {
		r.refuse(missing(r.named(tag)))
	}
	return r
}

// needHere refuses the message when the field is absent, which this use of the message demands.
func (r reader) needHere(tag quickfix.Tag) reader {
	if !r.has(tag) {
		r.refuse(conditional(r.named(tag), r.first.reference))
	}
	return r
}

// absent refuses the message when one of the fields is there, which mean nothing in this use of the message: the provider relies on
// what it says. rule says where they belong.
func (r reader) absent(rule string, tags ...quickfix.Tag) {
	for _, tag := range tags {
		if r.has(tag) {
			r.refuse(outOfRange(tag, rule))
		}
	}
}

// text returns a text of printable ASCII, at most limit characters.
func (r reader) text(tag quickfix.Tag, limit int) string {
	v, ok := r.value(tag)
	switch {
	case !ok:
		return ""
	case len(v) > limit:
		r.refuse(outOfRange(r.named(tag), "the text is too long"))
		return ""
	}
	for _, c := range v {
		if c < 0x20 || c > 0x7e {
			r.refuse(malformed(r.named(tag), "only printable ASCII characters"))
			return ""
		}
	}
	return string(v)
}

// reference reads the provider's reference of the message; later business rejects name it.
func (r reader) reference(tag quickfix.Tag) string {
	ref := r.need(tag).text(tag, maxReference)
	r.first.reference = ref
	return ref
}
