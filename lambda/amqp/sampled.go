package amqp

import (
	"embed"

	"fxcore/lambda/event"
)

// Sampled is a publication with the sample of its data that the producer's test wrote: samples/<type>.json of the files. A
// missing sample is a defect of the build.
func Sampled(files embed.FS, exchange string, t event.Type, purpose string) Publication {
	sample, err := files.ReadFile("samples/" + t.String() + ".json")
	if err != nil {
		panic(err)
	}
	return Publication{Exchange: exchange, Type: t, Purpose: purpose, Sample: sample}
}
