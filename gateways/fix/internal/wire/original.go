package wire

import (
	"bytes"
	"strconv"
)

const mask = "***"

// lengths are the fields that tell how long the value of the next field is. A value of data may contain SOH. RawData(96) is masked: some
// venues use it as a password.
var lengths = map[string]bool{"95": true, "90": true, "93": true, "212": true, "348": true, "350": true, "352": true, "354": true, "356": true, "358": true, "360": true, "362": true, "364": true, "445": true, "618": true, "621": true, "1184": true, "1186": true, "1401": true, "1403": true}

// Original returns a copy of a whole message as it was received, with its secrets masked. A masked message has no longer its length and its
// sum.
func Original(msg []byte) []byte {
	if !hasSecret(msg) {
		return bytes.Clone(msg)
	}
	masked := make([]byte, 0, len(msg))
	size := 0 // of the next field's value, if the field before told it
	for len(msg) > 0 {
		name, rest, ok := bytes.Cut(msg, []byte{'='})
		if !ok {
			return append(masked, msg...)
		}
		value := rest[:end(rest, size)]
		masked = append(append(masked, name...), '=')
		if secret(string(name)) {
			masked = append(masked, mask...)
		} else {
			masked = append(masked, value...)
		}
		size = 0
		if lengths[string(name)] {
			size, _ = strconv.Atoi(string(value)) // 0 if it is no number
		}
		if msg = rest[len(value):]; len(msg) > 0 {
			masked, msg = append(masked, soh), msg[1:]
		}
	}
	return masked
}

// end returns where a value ends: at the told size if a SOH stands there, else at the first SOH.
func end(rest []byte, size int) int {
	if size > 0 && size < len(rest) && rest[size] == soh {
		return size
	}
	if i := bytes.IndexByte(rest, soh); i >= 0 {
		return i
	}
	return len(rest)
}

func hasSecret(msg []byte) bool {
	for _, tag := range secrets {
		if bytes.Contains(msg, []byte("\x01"+tag)) {
			return true
		}
	}
	return false
}

func secret(name string) bool {
	for _, tag := range secrets {
		if tag == name+"=" {
			return true
		}
	}
	return false
}
