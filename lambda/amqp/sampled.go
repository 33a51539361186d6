package amqp

import (
	"embed"

	"fxcore/lambda/event"
)

// Sampled returns a publication with its sample: the file samples/<type>.json of files, which a test of the producer writes.
// It panics if there is no sample: that is a defect of the build.
func Sampled(files embed.FS, exchange string, t event.Type, purpose string) Publication {
	sample, err := files.ReadFile("samples/" + t.String() + ".json")
	if err != nil {
		panic(err)
	}
	return Publication{Exchange: exchange, Type: t, Purpose: purpose, Sample: sample}
}
