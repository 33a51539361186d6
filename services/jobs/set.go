package jobs

import (
	"embed"
	"fmt"
	"slices"

	"fxcore/lambda/amqp"
	"fxcore/services/contract"
)

// Migrations creates the tables of the jobs. A service runs them in its own schema, before its own.
//
//go:embed migrations/*.sql facts.txt
var Migrations embed.FS

// Set are the jobs of one service.
type Set struct {
	service string
	queue   string
	jobs    []Job
}

// New returns the jobs of a service, in the order in which they are started when several are due at once. It panics if a job has
// no name, no work, the name of another one, or comes after a job that is not declared before it: that is a defect of the
// program.
func New(service string, jobs ...Job) *Set {
	s := &Set{service: service, queue: service + ".jobs"}
	for _, j := range jobs {
		if _, known := s.job(j.Name); known || j.Name == "" || j.Begin == nil {
			panic(fmt.Sprintf("jobs of %s: %q has no name or work, or stands twice", service, j.Name))
		}
		for _, earlier := range j.After {
			if _, known := s.job(earlier); !known {
				panic(fmt.Sprintf("jobs of %s: %q comes after %q, which is not declared before it", service, j.Name, earlier))
			}
		}
		s.jobs = append(s.jobs, j)
	}
	return s
}

// On returns the set with a queue of another name than SERVICE.jobs.
func (s *Set) On(queue string) *Set {
	s.queue = queue
	return s
}

// Queue returns the queue that brings the set's messages.
func (s *Set) Queue() amqp.Queue {
	return amqp.Queue{
		Name:     s.queue,
		Purpose:  "does the parts of jobs that are due",
		Bindings: contract.Bindings(steps().Types()...),
		Proofs:   contract.Proofs(steps().Types()...),
		Selects:  true,
	}
}

func (s *Set) job(name string) (Job, bool) {
	i := slices.IndexFunc(s.jobs, func(j Job) bool { return j.Name == name })
	if i < 0 {
		return Job{}, false
	}
	return s.jobs[i], true
}

func (s *Set) names() []string {
	names := make([]string, len(s.jobs))
	for i, j := range s.jobs {
		names[i] = j.Name
	}
	return names
}
