package choreography

import (
	"strings"

	"fxcore/lambda/amqp"
)

// matches tells whether events of the given type name reach a binding's key, whatever their origin. A topic exchange
// splits keys at dots; * stands for one word, # for any number of them. The origin, the last word of a routing key, is
// not known here: every word of the key stands for it.
func matches(key, typeName string) bool {
	return match(strings.Split(key, "."), strings.Split(typeName, "."))
}

func match(key, name []string) bool {
	switch {
	case len(key) == 0:
		return false // the origin is left over
	case key[0] == "#":
		return len(key) == 1 || match(key[1:], name) || len(name) > 0 && match(key, name[1:])
	case len(name) == 0:
		return len(key) == 1 || key[1] == "#" && len(key) == 2 // this word stands for the origin
	default:
		return (key[0] == "*" || key[0] == name[0]) && match(key[1:], name[1:])
	}
}

// anyOrigin tells whether a binding's key leaves the origin open.
func anyOrigin(key string) bool {
	last := key[strings.LastIndexByte(key, '.')+1:]
	return last == "*" || last == "#" || last == amqp.SharedOrigin
}
