package lease

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const second = time.Second

func bookWith(t *testing.T, names ...string) *book {
	t.Helper()
	b := newBook()
	b.want(names)
	return b
}

func holding(t *testing.T, name string) *book {
	t.Helper()
	b := bookWith(t, name)
	if gained := b.taken(10*second, second, []Grant{{name, 1}}); len(gained) != 1 {
		t.Fatal("not gained")
	}
	return b
}

func TestAnAnswerThatComesTooLateToBelieveIsReleased(t *testing.T) {
	b := bookWith(t, "a")
	late := []Grant{{"a", 7}}
	if gained := b.taken(10*second, 10*second, late); gained != nil {
		t.Errorf("gained %v", gained)
	}
	same(t, late, b.releasable())
	b.released(late)
	same(t, []string{"a"}, b.free(0))
}

func TestATakeAnsweredWhenNobodyWantsTheNameIsReleased(t *testing.T) {
	b := bookWith(t, "a")
	b.give("a")
	same(t, nil, b.taken(10*second, second, []Grant{{"a", 7}}))
	same(t, []Grant{{"a", 7}}, b.releasable())
}

func TestARenewalCountsFromWhenItWasSent(t *testing.T) {
	b := holding(t, "a")
	b.renewed(14*second, 9*second, []Grant{{"a", 1}})
	if at, _ := b.next(); at != 14*second {
		t.Errorf("believed until %s", at)
	}
	b.renewed(12*second, 9*second, []Grant{{"a", 1}}) // an earlier one, answered later
	if at, _ := b.next(); at != 14*second {
		t.Errorf("believed until %s", at)
	}
}

func TestAnAnswerAboutAnEarlierEpochChangesNothing(t *testing.T) {
	b := holding(t, "a")
	b.renewed(15*second, 6*second, []Grant{{"a", 9}})
	same(t, nil, b.refused([]Grant{{"a", 9}}))
	if at, _ := b.next(); at != 10*second {
		t.Errorf("believed until %s", at)
	}
}

func TestARefusedGrantIsLostAtOnce(t *testing.T) {
	b := holding(t, "a")
	same(t, []string{"a"}, b.refused([]Grant{{"a", 1}}))
	if _, ok := b.holds("a", second); ok {
		t.Error("still held")
	}
	same(t, nil, b.free(0)) // not before its tenant has ended
	if b.ended("a") {
		t.Error("releases a row that is another's")
	}
	same(t, []string{"a"}, b.free(0))
}

func TestWhatIsGivenIsRenewedUntilItsTenantHasEnded(t *testing.T) {
	b := holding(t, "a")
	same(t, []string{"a"}, b.want(nil))
	if _, ok := b.holds("a", second); ok {
		t.Error("held while it is given")
	}
	same(t, []Grant{{"a", 1}}, b.renewable(second))
	same(t, nil, b.want([]string{"a"})) // wanted again: taken anew, afterwards
	if !b.ended("a") {
		t.Error("not to be released")
	}
	same(t, nil, b.free(0))
	b.released(b.releasable())
	same(t, []string{"a"}, b.free(0))
}

func TestWhatLapsesWhileItIsGivenIsNotReleased(t *testing.T) {
	b := holding(t, "a")
	b.give("a")
	same(t, nil, b.lapsed(10*second)) // its tenant ends already
	if b.ended("a") {
		t.Error("releases a row that may be another's")
	}
	if len(b.entries) != 0 {
		t.Errorf("remembers %v", b.entries)
	}
}

func same[T any](t *testing.T, want, got []T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhoHoldsANameIsKnownOnceItWasTried(t *testing.T) {
	b := newBook()
	b.want([]string{"free", "others"})
	if diff := cmp.Diff([]string{"free", "others"}, b.unsettled()); diff != "" {
		t.Errorf("before the first try: %s", diff)
	}
	b.taken(second, 0, []Grant{{"free", 1}})
	b.tried([]string{"free", "others"})
	if open := b.unsettled(); len(open) > 0 {
		t.Errorf("after it: %v", open)
	}
	b.lapsed(2 * time.Second)
	b.ended("free")
	if diff := cmp.Diff([]string{"free"}, b.unsettled()); diff != "" {
		t.Errorf("after the lease: %s", diff)
	}
}
