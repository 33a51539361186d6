package amqp

import "strings"

// routed reports whether one of the bindings leads messages of this exchange and routing key to its queue.
func routed(bindings []Binding, exchange, key string) bool {
	for _, b := range bindings {
		if b.Exchange == exchange && matches(b.Key, key) {
			return true
		}
	}
	return false
}

// matches reports whether a routing key matches the pattern of a topic exchange: * is one word, # any number of words.
func matches(pattern, key string) bool {
	word, rest, more := strings.Cut(pattern, ".")
	if word == "#" {
		return !more || matchesEnd(rest, key)
	}
	first, after, longer := strings.Cut(key, ".")
	switch {
	case word != "*" && word != first:
		return false
	case more && longer:
		return matches(rest, after)
	case more:
		return rest == "#"
	}
	return !longer
}

// matchesEnd reports whether a pattern matches some last words of a key.
func matchesEnd(pattern, key string) bool {
	for {
		if matches(pattern, key) {
			return true
		}
		_, after, more := strings.Cut(key, ".")
		if !more {
			return pattern == "#"
		}
		key = after
	}
}
