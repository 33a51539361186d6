package choreography

import (
	"strings"

	"fxcore/lambda/amqp"
)

// matches reports whether an event of the type can match a binding's key, for some origin. A topic exchange splits
// keys at dots; * stands for one word, # for any number of words. The last word of a routing key is the origin. It is
// unknown here, so it matches every word of the key.
func matches(key, typeName string) bool {
	return match(strings.Split(key, "."), strings.Split(typeName, "."))
}

func match(key, name []string) bool {
	switch {
	case len(key) == 0:
		return false // no word is left for the origin
	case key[0] == "#":
		return len(key) == 1 || match(key[1:], name) || len(name) > 0 && match(key, name[1:])
	case len(name) == 0:
		return len(key) == 1 || key[1] == "#" && len(key) == 2 // this word is the origin
	default:
		return (key[0] == "*" || key[0] == name[0]) && match(key[1:], name[1:])
	}
}

// anyOrigin reports whether a binding's key accepts every origin.
func anyOrigin(key string) bool {
	last := key[strings.LastIndexByte(key, '.')+1:]
	return last == "*" || last == "#" || last == amqp.SharedOrigin
}
