package session

import "testing"

// A trade or check is undecided until each of its requests is answered, or one of them finally.
func TestUndecided(t *testing.T) {
	const id = "trade"
	for name, test := range map[string]struct {
		told func(*undecided)
		want bool
	}{
		"nothing":                       {func(*undecided) {}, false},
		"an answer to what nobody knew": {func(u *undecided) { u.answered(id) }, false},
		"asked":                         {func(u *undecided) { u.add(id) }, true},
		"asked, decided":                {func(u *undecided) { u.add(id); u.decided(id) }, false},
		"asked twice, one refused as a duplicate": {func(u *undecided) { u.add(id); u.add(id); u.answered(id) }, true},
		"asked twice, decided":                    {func(u *undecided) { u.add(id); u.add(id); u.decided(id) }, false},
		"decided, then a duplicate refused":       {func(u *undecided) { u.add(id); u.decided(id); u.add(id); u.answered(id) }, false},
		"the refusal after the decision":          {func(u *undecided) { u.add(id); u.add(id); u.decided(id); u.answered(id) }, false},
		"another one":                             {func(u *undecided) { u.add("another") }, false},
	} {
		var u undecided
		test.told(&u)
		if got := u.has(id); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// The next holder of the session reads from the oldest pending answer that matters.
func TestWhereToRecallFrom(t *testing.T) {
	var u undecided
	expect := func(what string, next, want int) {
		t.Helper()
		if got := u.since(next); got != want {
			t.Errorf("%s: from %d, want %d", what, got, want)
		}
	}
	expect("nothing was told", 1, 1)
	for number := 1; number <= 3; number++ {
		id := string(rune('a' + number))
		u.add(id)
		u.told(number, id)
	}
	expect("three are undecided", 4, 1)
	u.decided("c")
	expect("the second is decided", 5, 1)
	u.decided("b")
	expect("the first as well", 6, 3)
	expect("it is too old to be read", 3+recallDepth+1, 3+recallDepth+1)
	u.add("e")
	u.told(6_000, "e")
	u.answered("e")
	expect("all are decided", 6_002, 6_002)
}
