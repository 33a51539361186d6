package fleet

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/process"
	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
	"fxcore/scripts/internal/programs"
)

// Fleet is the whole core on one machine: it knows every process, and the order of the start.
type Fleet struct {
	Folder folder.Folder
	Ports  ports.Block
	Bin    string   // folder of our programs
	Trades bool     // whether to start the demo's providers, which trade by themselves
	Disk   string   // a folder on the disk that is watched; empty: the folder of the core
	Ahead  bool     // whether the bank's clock may be ahead of real time: see services/clock
	Links  Links    // empty, except in tests of faults
	Login  []string // auth's settings of the bank's identity provider; empty: there is none
	Full   bool     // whether to start the servers that only a full start needs
}

// Phases returns all phases of a start, in order.
func (f Fleet) Phases(scale Scale) ([]supervisor.Phase, error) {
	phases, err := Servers(server.Setting{Folder: f.Folder, Ports: f.Ports, Declared: f.declared}, f.Roles())
	if err != nil {
		return nil, err
	}
	if f.Full {
		p, missing := FullServers(server.Setting{Folder: f.Folder, Ports: f.Ports})
		if len(missing) > 0 {
			return nil, errors.Join(missing...)
		}
		for i := range p.Specs {
			p.Specs[i].Nice = yieldsMost
		}
		shown, err := f.icingaPhase()
		if err != nil {
			return nil, err
		}
		phases = append(phases, p, shown)
	}
	for _, group := range f.services() {
		group = slices.DeleteFunc(group, f.missing)
		if len(group) == 0 {
			continue
		}
		if group[0].routed() {
			p, err := f.routerPhase()
			if err != nil {
				return nil, err
			}
			phases = append(phases, p)
		}
		p, err := f.phase(group, scale)
		if err != nil {
			return nil, err
		}
		phases = append(phases, p)
	}
	if f.Full {
		p, err := f.shownPhase(scale)
		if err != nil {
			return nil, err
		}
		phases = append(phases, p)
	}
	return phases, nil
}

// missing reports whether a service must not start: it is a demo provider and none is wanted, or its program is not
// built. The other services can run without it.
func (f Fleet) missing(s Service) bool {
	if s.Kind == programs.Demo && !f.Trades {
		return true
	}
	_, err := os.Stat(filepath.Join(f.Bin, s.Name))
	return err != nil
}

func (f Fleet) phase(group []Service, scale Scale) (supervisor.Phase, error) {
	p := supervisor.Phase{Patience: 30 * time.Second}
	for i, s := range group {
		if i > 0 {
			p.Title += ", "
		}
		n := scale.Replicas(s)
		p.Title += fmt.Sprintf("%s ×%d", s.Name, n)
		for replica := 1; replica <= n; replica++ {
			spec, err := f.Spec(s, replica)
			if err != nil {
				return p, err
			}
			p.Specs = append(p.Specs, spec)
		}
	}
	p.Prepare = func(ctx context.Context) error { return f.prepare(ctx, group) }
	switch {
	case group[0].Start == programs.StaticData:
		p.After = f.awaitStaticData
	case slices.ContainsFunc(group, func(s Service) bool { return s.Name == "auth" }):
		p.After = f.welcome
	case group[0].routed():
		p.After = func(ctx context.Context) error { return f.awaitRoutes(ctx, group) }
	}
	return p, nil
}

// prepare writes the environment file of each service in a group, auth's key, the operator's certificate, and the certificate that the HTTP interface serves with. It
// prepares the schemas of those services.
func (f Fleet) prepare(ctx context.Context, group []Service) error {
	if err := errors.Join(f.writeKeys(), f.writeCertificate(false), server.WriteOperator(f.Folder, false)); err != nil {
		return err
	}
	for _, s := range group {
		// For commands and further replicas. Where each replica has links of its own, it has files of its own as well.
		env, files, err := f.private(s.Name, f.settings(s, 0))
		if err != nil {
			return err
		}
		err = errors.Join(f.enable(s), f.give(s), process.WriteFiles(files, f.owner(s)), f.Folder.WriteEnv(s.Name, env))
		if err != nil {
			return err
		}
		if err := f.prepareSchema(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// Spec returns the process of one replica.
func (f Fleet) Spec(s Service, replica int) (process.Spec, error) {
	health := f.address(f.health(s, replica))
	name, id := strconv.Itoa(replica), idOf(s, replica)
	env, files, err := f.private(f.ownerOf(s, replica), f.settings(s, replica))
	if err != nil {
		return process.Spec{}, err
	}
	env = append(env, "REPLICA="+name, "HEALTH_ADDR="+health, "PATH="+os.Getenv("PATH"), "TMPDIR="+f.temporary(s), "TZ=UTC")
	spec := process.Spec{
		Name: s.Name, Replica: name, Path: filepath.Join(f.Bin, s.Name), Dir: string(f.Folder), Env: env,
		Account: f.owner(s), Files: files, Owns: f.owns(s),
		Nice: nice(s.Program), Log: f.Folder.Log(id), Stop: syscall.SIGTERM, Orphan: syscall.SIGKILL, Grace: 15 * time.Second,
	}
	if s.Kind != programs.Demo { // the demo's providers have no readiness: they are ready while they run
		spec.Health = "http://" + health
		spec.Ready = func(ctx context.Context) error { return askReady(ctx, spec.Health) }
	}
	return f.reachable(spec), nil
}

// How far programs yield for which nobody waits who trades, see process.Lower. Beside a busy program of the others one that yields gets a
// tenth of a processor, one that yields most gets a hundredth. What they have to do waits in the broker.
const (
	yields     = 10
	yieldsMost = 19
)

// nice returns how far a program yields. Money waits for settlement; for what only watches nobody does.
func nice(p programs.Program) int {
	switch {
	case !p.Yields:
		return 0
	case p.Carries:
		return yields
	default:
		return yieldsMost
	}
}

// askReady asks a service's /ready. It returns nil if the service is ready, or an error that says why not.
func askReady(ctx context.Context, base string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/ready", nil)
	if err != nil {
		return fmt.Errorf("ask for readiness: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("does not answer on its health address yet: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	return reasons(response)
}
