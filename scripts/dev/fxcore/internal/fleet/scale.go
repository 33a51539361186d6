package fleet

import (
	"fmt"
	"slices"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// Scale maps a service to the number of replicas that the user chose. A file keeps it across restarts.
type Scale map[string]int

const scaleFile = "scale.json"

// ReadScale reads the scale from the folder.
func ReadScale(f folder.Folder) (Scale, error) {
	scale := Scale{}
	err := f.ReadJSON(scaleFile, &scale)
	return scale, err
}

// Set changes a service's number of replicas and writes the file. It returns an error if the service does not allow
// the number.
func (c Scale) Set(f folder.Folder, s Service, n int) error {
	if s.single() {
		return fmt.Errorf("%s runs only once: its state cannot be shared", s.Name)
	}
	if s.routed() && (n < 1 || n > MaxReplicas) {
		return fmt.Errorf("%s can have 1 to %d instances here, because HAProxy routes to that many ports",
			s.Name, MaxReplicas)
	}
	if n < 1 || n > MaxReplicas {
		return fmt.Errorf("%s can have 1 to %d replicas here; start further ones by hand: set -a; . .run/env/%s; .run/bin/%s",
			s.Name, MaxReplicas, s.Name, s.Name)
	}
	c[s.Name] = n
	return f.WriteJSON(scaleFile, c, 0o644)
}

// Replicas returns how many replicas of a service are wanted.
func (c Scale) Replicas(s Service) int {
	if n, chosen := c[s.Name]; chosen {
		return n
	}
	return s.Replicas
}

// Apply starts and stops replicas until as many run as the scale wants.
func (f Fleet) Apply(scale Scale, runs *supervisor.Supervisor) error {
	for _, s := range slices.DeleteFunc(slices.Concat(f.services()...), f.missing) {
		for replica := 1; replica <= MaxReplicas; replica++ {
			spec, err := f.Spec(s, replica)
			if err != nil {
				return err
			}
			switch wanted := replica <= scale.Replicas(s); {
			case wanted && !runs.Has(spec.ID()):
				runs.Add(spec)
			case !wanted:
				runs.Remove(spec.ID())
			}
		}
	}
	return nil
}
