// Command docs writes what it derives from the programs' declarations: docs/messages.md, the page of all messages,
// stack/rabbitmq/definitions.json, the broker's definitions, and publishers.json beside it, who publishes what, the stacks of all profiles, and the pipelines. It fails if a message is read and not published, or
// published and not read.
//
//	go run ./scripts/dev/docs          write all
//	go run ./scripts/dev/docs -check   write nothing, fail if a file is not up to date
package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/scripts/dev/docs/internal/choreography"
	"fxcore/scripts/dev/docs/internal/page"
	"fxcore/scripts/internal/broker"
	"fxcore/scripts/internal/deployment"
)

// budget bounds the whole run. The first build of the programs takes most of it.
const budget = 10 * time.Minute

//go:embed flows.txt
var flows string

func main() {
	check := flag.Bool("check", false, "compare only, and fail on a difference")
	flag.Parse()
	if err := generate(*check); err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

// generate writes or checks the files. It must run in the project's root.
func generate(check bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), budget)
	defer cancel()
	topologies, err := describe(ctx)
	if err != nil {
		return err
	}
	files, err := render(topologies, flows)
	if err != nil {
		return err
	}
	folders, err := madeOf(ctx)
	if err != nil {
		return err
	}
	files[filepath.Join("stack", "gocd", "fxcore.gocd.yaml")] = deployment.Pipelines(folders)
	for path, content := range files {
		if err := put(path, content, check); err != nil {
			return err
		}
	}
	return nil
}

// render returns the content of each file, by path. The broker's definitions contain the queues of the demo's
// providers.
func render(topologies []amqp.Topology, flows string) (map[string][]byte, error) {
	steps, err := choreography.ParseFlows(flows)
	if err != nil {
		return nil, err
	}
	each := []string{"<provider>"}
	c, faults := choreography.Of(broker.ForEach(broker.Providers{"fix": each, "socket": each}, topologies), steps)
	if len(faults) > 0 {
		return nil, errors.New("the programs' declarations do not fit together:\n  " + strings.Join(faults, "\n  "))
	}
	messages, err := page.Write(c)
	if err != nil {
		return nil, err
	}
	providers, err := broker.DemoProviders()
	if err != nil {
		return nil, err
	}
	definitions, err := broker.Of("/", topologies, providers).JSON()
	if err != nil {
		return nil, err
	}
	publishers, err := broker.JSON(broker.Publishers(topologies))
	if err != nil {
		return nil, err
	}
	files := deployment.Files()
	maps.Copy(files, map[string][]byte{
		filepath.Join("docs", "messages.md"):                   messages,
		filepath.Join("stack", "rabbitmq", "definitions.json"): definitions,
		filepath.Join("stack", "rabbitmq", "publishers.json"):  publishers,
	})
	return files, nil
}

func put(path string, content []byte, check bool) error {
	if check {
		stored, err := os.ReadFile(path) //nolint:gosec // one of a few fixed paths
		if err != nil || !bytes.Equal(stored, content) {
			return fmt.Errorf("%s is not up to date with the programs' declarations: run make generate and commit it", path)
		}
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // a source folder
		return err
	}
	return os.WriteFile(path, content, 0o644) //nolint:gosec // a source file
}
