package watch

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhoWorksAndMissesSomethingSaysSo(t *testing.T) {
	replica := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"ready":true,"warnings":{"static data":"look for lines: timeout\nlook for rates: timeout","redis":"timeout"}}`))
	}))
	defer replica.Close()
	nobody := httptest.NewServer(http.NotFoundHandler())
	nobody.Close()
	all := []Service{
		{Name: "redis", PID: 1},
		{Name: "auth", Replica: "1", PID: 2, Health: replica.URL},
		{Name: "auth", Replica: "2", PID: 3, Health: nobody.URL},
		{Name: "auth", Replica: "3", Health: replica.URL},
	}
	warn(t.Context(), all)
	want := [][]string{1: {"redis: timeout", "static data: look for lines: timeout; look for rates: timeout"}, 3: nil}
	for i, one := range all {
		if diff := cmp.Diff(want[i], one.Warnings); diff != "" {
			t.Errorf("%s-%s: %s", one.Name, one.Replica, diff)
		}
	}
}
