package rest_test

import (
	"slices"
	"testing"
	"time"

	"fxcore/services/failover/internal/rest"
	"fxcore/services/failover/internal/view"
)

func TestWhatOnCallSeesOfASession(t *testing.T) {
	t.Parallel()
	instances := []view.Instance{
		{Name: "fix/1", Gateway: "fix", Ready: true},
		{Name: "fix/2", Gateway: "fix", Ready: true},
		{Name: "fix/3", Gateway: "fix"},
		{Name: "fix/4", Gateway: "fix", Ready: true, Draining: true},
		{Name: "socket/1", Gateway: "socket", Ready: true},
	}
	at := func(instance string, more func(*view.Provider)) view.Provider {
		p := view.Provider{Gateway: "fix", Provider: "ALPHA", Instance: instance, Home: "fix/1", LoggedOn: true, Since: time.Unix(1, 0)}
		if more != nil {
			more(&p)
		}
		return p
	}
	for name, c := range map[string]struct {
		provider    view.Provider
		state, note string
		standby     []string
	}{
		"at home":        {at("fix/1", nil), rest.Serving, "", []string{"fix/2"}},
		"elsewhere":      {at("fix/2", nil), rest.Serving, "away from home", []string{"fix/1"}},
		"by command":     {at("fix/2", func(p *view.Provider) { p.Stay = "fix/2" }), rest.Serving, "moved by command; it stays there until that instance is away", []string{"fix/1"}},
		"logged out":     {at("fix/1", func(p *view.Provider) { p.LoggedOn = false }), rest.LoggedOut, "", []string{"fix/2"}},
		"nowhere":        {at("", nil), rest.Down, "", []string{"fix/1", "fix/2"}},
		"on its way":     {at("fix/1", func(p *view.Provider) { p.Move = &view.Move{To: "fix/2", State: "requested"} }), rest.Moving, "", []string{"fix/2"}},
		"failed move":    {at("fix/1", func(p *view.Provider) { p.Move = &view.Move{To: "fix/2", State: "failed", Why: "deaf"} }), rest.Serving, "the move to fix/2 failed: deaf", []string{"fix/2"}},
		"made up for it": {at("fix/2", func(p *view.Provider) { p.Home, p.Move = "fix/2", &view.Move{To: "fix/2", State: "failed"} }), rest.Serving, "", []string{"fix/1"}},
	} {
		got := rest.Sessions(view.Status{Providers: []view.Provider{c.provider}, Instances: instances})[0]
		if got.State != c.state || got.Note != c.note || !slices.Equal(got.Standby, c.standby) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
