package fleet

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// Rotatable is a kind of secret that is replaced while everything runs.
type Rotatable struct {
	Name  string
	About string

	full    bool                                   // only a full start has it
	renew   func(*rotation, context.Context) error // takes new values into use
	retire  func(*rotation, context.Context) error // ends the trust in those before, once nothing needs them; nil: renew does
	secrets func() []string                        // those whose values before retire ends
}

// Rotatables returns all kinds, in the order in which they are rotated.
func Rotatables() []Rotatable {
	return []Rotatable{
		{Name: "certificates", About: "of all servers and programs, and of the doors", renew: (*rotation).certificates},
		{Name: "postgres", About: "passwords of roles, owners, the observer and the superuser", renew: (*rotation).postgres},
		{Name: "rabbitmq", About: "passwords of programs, the observer and the administrator", renew: (*rotation).rabbitmq},
		{Name: "erlang", About: "the broker's cookie", renew: (*rotation).erlang},
		{Name: "redis", About: "passwords of programs, the observer and the administrator", renew: (*rotation).redis, retire: (*rotation).retireRedis, secrets: redisSecrets},
		{Name: "proofs", About: "keys by which programs know again what failed", renew: (*rotation).proofs, retire: (*rotation).retireProofs, secrets: proofSecrets},
		{Name: "signing", About: "keys of messages, of commands and for emergencies", renew: (*rotation).signing, retire: (*rotation).retireSigning, secrets: signingSecrets},
		{Name: "sets", About: "the key of the mainframe's data", renew: (*rotation).sets, retire: (*rotation).retireSets, secrets: func() []string { return []string{setsKey} }},
		{Name: "access", About: "auth's key, and what is sealed by it", renew: (*rotation).access, retire: (*rotation).retireAccess, secrets: func() []string { return []string{accessKey} }},
		{Name: "cassandra", About: "passwords of roles and the superuser", full: true, renew: (*rotation).cassandra},
		{Name: "elasticsearch", About: "the password of the server's user", full: true, renew: (*rotation).elasticsearch},
		{Name: "icinga", About: "the password of the interface's user", full: true, renew: (*rotation).icinga},
	}
}

// rotation replaces secrets of a running core.
type rotation struct {
	f    Fleet
	runs *supervisor.Supervisor
	say  func(string)

	switched time.Time // since when no value before has been in use
}

func (r *rotation) setting() server.Setting {
	return server.Setting{Folder: r.f.Folder, Ports: r.f.Ports, Declared: r.f.declared}
}

// Rotate replaces the named kinds of secrets, or with "all" each kind that the core has. First it takes all new values into use; then it ends the trust in
// those before. It goes on after an error with the next kind.
func (f Fleet) Rotate(ctx context.Context, runs *supervisor.Supervisor, what []string, say func(string)) error {
	chosen, err := f.chosen(what)
	if err != nil {
		return err
	}
	r := &rotation{f: f, runs: runs, say: say}
	var errs []error
	done := map[string]bool{}
	for _, kind := range chosen {
		err := r.finish(ctx, kind)
		if err == nil {
			err = kind.renew(r, ctx)
		}
		if done[kind.Name] = err == nil; err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", kind.Name, err))
		}
	}
	r.switched = time.Now()
	about, err := f.About()
	if err == nil {
		runs.Tell(about)
	}
	errs = append(errs, err)
	for _, kind := range chosen {
		if kind.retire == nil || !done[kind.Name] {
			continue
		}
		if err := kind.retire(r, ctx); err != nil {
			errs = append(errs, fmt.Errorf("%s: the values before are still trusted: %w", kind.Name, err))
		}
	}
	return errors.Join(errs...)
}

// finish ends the trust in values that the rotation before has left: there is room for one. The core may have been killed in the midst of it.
func (r *rotation) finish(ctx context.Context, kind Rotatable) error {
	if kind.retire == nil {
		return nil
	}
	for _, secret := range kind.secrets() {
		former, err := r.f.Folder.Before(secret)
		switch {
		case err != nil:
			return err
		case former == "":
			continue
		}
		r.switched = time.Now()
		if err := kind.retire(r, ctx); err != nil {
			return fmt.Errorf("the values of the rotation before are still needed: %w", err)
		}
		return nil
	}
	return nil
}

func (f Fleet) chosen(what []string) (chosen []Rotatable, err error) {
	all := len(what) == 0 || slices.Contains(what, "all")
	for _, kind := range Rotatables() {
		if all && (f.Full || !kind.full) || slices.Contains(what, kind.Name) {
			chosen = append(chosen, kind)
		}
	}
	for _, name := range what {
		i := slices.IndexFunc(Rotatables(), func(kind Rotatable) bool { return kind.Name == name })
		switch {
		case name == "all":
		case i < 0:
			return nil, fmt.Errorf("there is no secret %q; fxcore rotate -list shows what there is", name)
		case Rotatables()[i].full && !f.Full:
			return nil, fmt.Errorf("%s: this core was started without FULL=1", name)
		}
	}
	return chosen, nil
}

// rotationFile is how a command asks for a rotation, and hears how it goes.
const rotationFile = "rotation.json"

// Rotation is what the file holds.
type Rotation struct {
	ID    string   `json:"id"` // drawn by who asks
	What  []string `json:"what"`
	Said  []string `json:"said"`
	Ended bool     `json:"ended"`
	Error string   `json:"error,omitempty"`
}

// AskRotation leaves a request, and returns its id. A signal tells the supervisor of it.
func AskRotation(f folder.Folder, what []string) (id string, err error) {
	id = folder.Draw()
	return id, f.WriteJSON(rotationFile, Rotation{ID: id, What: what}, 0o600)
}

// ReadRotation returns the last request and what has become of it; the zero Rotation if there was none.
func ReadRotation(f folder.Folder) (r Rotation, err error) {
	err = f.ReadJSON(rotationFile, &r)
	return r, err
}

// answerRotation carries out the request in the file.
func (f Fleet) answerRotation(ctx context.Context, runs *supervisor.Supervisor) error {
	asked, err := ReadRotation(f.Folder)
	if err != nil || asked.Ended {
		return err
	}
	write := func() error { return f.Folder.WriteJSON(rotationFile, asked, 0o600) }
	err = f.Rotate(ctx, runs, asked.What, func(line string) {
		asked.Said = append(asked.Said, line)
		_ = write() // the last write reports
	})
	asked.Ended = true
	if err != nil {
		asked.Error = strings.ReplaceAll(err.Error(), "\n", "; ")
	}
	return errors.Join(err, write())
}
