package fleet

import (
	"cmp"
	"fmt"

	"fxcore/scripts/dev/fxcore/internal/server"
)

// monitoring returns the disk that it watches, and where alerts are shown besides the operations page: in Icinga, where that runs.
func (f Fleet) monitoring() []string {
	watched := []string{"DISK=" + cmp.Or(f.Disk, f.Folder.Path())}
	if !f.Full {
		return watched
	}
	password, err := f.Folder.Secret("icinga")
	if err != nil {
		return watched // its file cannot be written: the start of Icinga fails with the reason
	}
	return append(watched,
		"ICINGA_URL="+server.IcingaURL(f.Ports), "ICINGA_USER="+server.IcingaUser, "ICINGA_PASSWORD="+password, "ICINGA_CA="+server.IcingaCA(f.Folder))
}

// measured returns the health addresses of monitoring's replicas, at which Prometheus reads.
func (f Fleet) measured(scale Scale) (targets []string) {
	s, err := f.Service("monitoring")
	if err != nil {
		return nil
	}
	for replica := 1; replica <= scale.Replicas(s); replica++ {
		targets = append(targets, f.address(f.health(s, replica)))
	}
	return targets
}

// Observe tells Prometheus which replicas of monitoring there are now.
func (f Fleet) Observe(scale Scale) error {
	if !f.Full {
		return nil
	}
	if err := server.PrometheusTargets(f.Folder, f.measured(scale)); err != nil {
		return fmt.Errorf("follow the scale: %w", err)
	}
	return nil
}
