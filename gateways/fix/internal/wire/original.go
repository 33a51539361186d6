package wire

import (
	"bytes"
	"slices"
	"strconv"
)

const mask = "***"

// lengths are the fields that tell how long the value of the next field is. A value of data may contain SOH. RawData(96) is masked: some
// venues use it as a password.
var lengths = map[string]bool{"95": true, "90": true, "93": true, "212": true, "348": true, "350": true, "352": true, "354": true, "356": true, "358": true, "360": true, "362": true, "364": true, "445": true, "618": true, "621": true, "1184": true, "1186": true, "1401": true, "1403": true}

// Original returns a copy of a whole message as it was received, with its secrets masked. A masked message has no longer its length and its
// sum. The message may break the rules: what follows a secret and is no field is taken for a part of it.
func Original(msg []byte) []byte { return masked(msg, false) }

// Beginning is Original for the beginning of a message that is too long to be kept.
func Beginning(msg []byte) []byte { return masked(msg, true) }

// masked returns a copy with the secrets masked. If the message is cut, a value may go on beyond its end.
func masked(msg []byte, cut bool) []byte {
	if !hasSecret(msg) {
		return bytes.Clone(msg)
	}
	out := make([]byte, 0, len(msg))
	size, hidden := 0, false // told size of the next field's value; whether the field before is secret
	for len(msg) > 0 {
		junk, name, rest, found := nextField(msg)
		if len(junk) > 0 {
			size = 0
		}
		if !hidden {
			out = append(out, junk...)
		}
		if !found {
			break
		}
		value := rest[:end(rest, size, cut)]
		msg = rest[len(value):]
		size = told(name, value)
		if hidden && !isNumber(name) {
			msg = bytes.TrimPrefix(msg, []byte{soh})
			continue
		}
		if hidden = secret(name); hidden {
			value = []byte(mask)
		}
		out = append(append(append(out, name...), '='), value...)
		if len(msg) > 0 {
			out, msg = append(out, soh), msg[1:]
		}
	}
	return out
}

// nextField returns the next field's name, what follows its equals sign, and before it what is no field. It returns false and the whole
// message as junk if there is no field left.
func nextField(msg []byte) (junk, name, rest []byte, found bool) {
	before, rest, found := bytes.Cut(msg, []byte{'='})
	if !found {
		return msg, nil, nil, false
	}
	at := bytes.LastIndexByte(before, soh) + 1
	return before[:at], before[at:], rest, true
}

// told returns the size of the next field's value if this field tells it, else 0.
func told(name, value []byte) int {
	if !lengths[string(name)] {
		return 0
	}
	size, _ := strconv.Atoi(string(value)) // 0 if it is no number
	return size
}

// end returns where a value ends: at the told size if a SOH stands there, or beyond the end of a message that is cut; else at the first SOH.
func end(rest []byte, size int, cut bool) int {
	if cut && size >= len(rest) || size > 0 && size < len(rest) && rest[size] == soh {
		return min(size, len(rest))
	}
	if i := bytes.IndexByte(rest, soh); i >= 0 {
		return i
	}
	return len(rest)
}

func hasSecret(msg []byte) bool {
	for _, tag := range secrets {
		if bytes.Contains(msg, []byte(tag)) {
			return true
		}
	}
	return false
}

// secret reports whether a field is one of secrets, also if its tag is written in a way that is not allowed: 0554.
func secret(name []byte) bool {
	tag := string(bytes.TrimLeft(bytes.TrimSpace(name), "+0")) + "="
	return slices.Contains(secrets, tag)
}

func isNumber(text []byte) bool {
	_, err := strconv.Atoi(string(bytes.TrimSpace(text)))
	return err == nil
}
