package amqp

import "testing"

func TestWhichKeysABindingLeadsToItsQueue(t *testing.T) {
	for _, c := range []struct {
		pattern, key string
		want         bool
	}{
		{"grain.sent.north", "grain.sent.north", true},
		{"grain.sent.north", "grain.sent.south", false},
		{"grain.sent", "grain.sent.north", false},
		{"grain.sent.*", "grain.sent.north", true},
		{"grain.sent.*", "grain.sent", false},
		{"grain.sent.*", "grain.sent.north.west", false},
		{"*.*.north", "grain.sent.north", true},
		{"*.*.north", "grain.sent.south", false},
		{"*", "grain", true},
		{"*", "grain.sent", false},
		{"#", "grain.sent.north", true},
		{"#", "", true},
		{"grain.#", "grain", true},
		{"grain.#", "grain.sent.north", true},
		{"grain.#", "flour.sent", false},
		{"#.north", "grain.sent.north", true},
		{"#.north", "north", true},
		{"#.north", "grain.north.sent", false},
		{"grain.#.north", "grain.north", true},
		{"grain.#.north", "grain.sent.again.north", true},
		{"#.sent.#", "grain.sent", true},
		{"#.#", "grain", true},
		{"#.*", "grain.sent", true},
	} {
		if got := matches(c.pattern, c.key); got != c.want {
			t.Errorf("%s, %s: %t", c.pattern, c.key, got)
		}
	}
	if routed([]Binding{{"food", "#"}, {"tools", "plough.*"}}, "tools", "rake.sold") {
		t.Error("another exchange's binding counts")
	}
}
