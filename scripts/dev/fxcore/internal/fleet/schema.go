package fleet

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"fxcore/scripts/dev/fxcore/internal/process"
	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/internal/programs"
)

// schemaPatience bounds the preparation of one schema. An update may have many rows to change.
const schemaPatience = 5 * time.Minute

// prepareSchema runs a program as the owner of its schema, once, before its replicas start: they are no owners. The owner's password is
// readable only while it runs.
func (f Fleet) prepareSchema(ctx context.Context, s Service) error {
	if !s.Uses(programs.Postgres) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, schemaPatience)
	defer cancel()
	spec, err := f.Spec(s, 1)
	if err != nil {
		return err
	}
	env, files, err := f.private(s.Name+"-owner", func() ([]string, error) {
		address, err := f.postgresURL(server.OwnerOf(s.role()))
		return []string{"POSTGRES_URL=" + address}, err
	})
	if err != nil {
		return err
	}
	for _, line := range spec.Env {
		if !strings.HasPrefix(line, "POSTGRES_URL_FILE=") {
			env = append(env, line)
		}
	}
	defer func() { _ = os.RemoveAll(f.Folder.Path("secrets", s.Name+"-owner")) }()
	env = append(env, "POSTGRES_PREPARE_FOR="+s.role())
	spec.Env, spec.Files = env, append(spec.Files, files...)
	if err := process.Once(ctx, f.reachable(spec)); err != nil {
		return fmt.Errorf("prepare the schema of %s: %w", s.Name, err)
	}
	return nil
}
