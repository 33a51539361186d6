package session

import "testing"

// What is undecided is so until each of its requests is answered, or one finally.
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
