package instances

import (
	"time"

	"fxcore/services/monitoring/internal/alert"
)

// silence is how long an instance may say nothing before it does not count as ready: three intervals.
const silence = 15 * time.Second

// Samples returns what the instances say, each with the label instance, and what follows from it.
func (v *View) Samples() []alert.Sample {
	all := v.All()
	v.mu.Lock()
	defer v.mu.Unlock()
	now := v.now()
	var samples []alert.Sample
	ready, versions := map[string]int{}, map[string]map[string]bool{}
	for _, i := range all {
		quiet := now.Sub(latest(i.LastSeen, v.hearing))
		samples = append(samples, i.samples(quiet)...)
		if versions[i.Program] == nil {
			versions[i.Program] = map[string]bool{}
		}
		if quiet <= silence {
			versions[i.Program][i.Version] = true
			if i.Ready {
				ready[i.Program]++
			}
		}
	}
	for program, heard := range v.programs {
		if now.Sub(heard) > remembered {
			delete(v.programs, program)
			continue
		}
		samples = append(samples,
			alert.Of("fx_program_ready_instances", float64(ready[program]), "program", program),
			alert.Of("fx_program_alone", oneIf(ready[program] == 1), "program", program),
			alert.Of("fx_program_versions", float64(len(versions[program])), "program", program))
	}
	for name, l := range v.leases {
		samples = append(samples, alert.Of("fx_lease_moves", float64(recent(l.moves, now)), "lease", name))
	}
	return samples
}

func (i Instance) samples(quiet time.Duration) []alert.Sample {
	about := func(name string, value float64, more ...string) alert.Sample {
		return alert.Parse(name, value, append([]string{"instance", i.Instance, "program", i.Program}, more...)...)
	}
	samples := []alert.Sample{
		about("fx_instance_silent_seconds", quiet.Seconds()),
		about("fx_instance_starts", float64(len(i.Starts))),
	}
	if quiet > silence {
		return samples // what it said last is no longer true
	}
	samples = append(samples, about("fx_instance_not_ready", oneIf(!i.Ready)), about("fx_instance_warnings", float64(len(i.Warnings))),
		about("fx_logs_dropped_per_minute", i.Dropped))
	for name, value := range i.Measures {
		samples = append(samples, about(name, value))
	}
	for queue, perMinute := range i.Failures {
		samples = append(samples, about("fx_queue_failures_per_minute", perMinute, "queue", queue))
	}
	for provider, perSecond := range i.Paces {
		samples = append(samples, about("fx_session_messages_per_second", perSecond, "provider", provider))
	}
	return samples
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func recent(all []time.Time, now time.Time) (n int) {
	for _, at := range all {
		if now.Sub(at) <= window {
			n++
		}
	}
	return n
}

func oneIf(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
