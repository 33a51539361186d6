package trial

import (
	"testing"
	"time"
)

// Two jumps that providers follow at once are one for them. It began with the first one, by their clock.
func TestProvidersFollowTheBanksClock(t *testing.T) {
	var b banksClock
	before := time.Now()
	b.jumping()
	b.jumping()
	if b.now().Sub(before) > time.Hour {
		t.Error("providers were ahead before they followed")
	}
	b.follow(24 * time.Hour)
	b.follow(24 * time.Hour) // known already
	b.follow(12 * time.Hour) // the clock never goes back
	if ahead := time.Until(b.now()); ahead < 23*time.Hour || ahead > 25*time.Hour {
		t.Errorf("ahead by %s", ahead)
	}
	all := b.over()
	if len(all) != 1 || all[0].From.Before(before) || all[0].From.Sub(before) > time.Hour || all[0].To.Sub(all[0].From) < 23*time.Hour {
		t.Errorf("jumps: %v, the first began at %s", all, before)
	}
	b.jumped(48 * time.Hour)
	if hasty := time.Until(b.hasty()); hasty < 47*time.Hour || hasty > 49*time.Hour || time.Until(b.now()) > 25*time.Hour {
		t.Errorf("a hasty provider is ahead by %s", hasty)
	}
	b.reset()
	if time.Until(b.hasty()) > time.Hour {
		t.Error("a hasty provider of a new core is ahead")
	}
	if len(b.over()) > 0 || time.Until(b.now()) > time.Hour {
		t.Error("a new core's clock is ahead")
	}
}
