package server

import (
	"context"
	"log/slog"
	"math"
	"os"
	"runtime/debug"
	"time"
)

// wantFiles is how many files and connections a house may need at once (reliability.md part 3).
const wantFiles = 65_536

// SetHeapGrowth lets the living heap grow by four times its size before it is collected, unless GOGC is set. A house's living heap is
// small, so that Go's growth by its size once collects many times a second under load.
func SetHeapGrowth() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}

// restAfter is when a house that has started gives back what starting took.
const restAfter = 2 * time.Second

// rest gives the memory that starting took, mostly that of reading the catalogue, back to the system once, and then waits for the end.
func rest(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-time.After(restAfter):
		debug.FreeOSMemory()
	}
	<-ctx.Done()
	return nil
}

// SetLimits gives the process the limits that are law (reliability.md part 3): as many open files as it may have, and, unless GOMEMLIMIT is
// set, four fifths of what its control group may use as the memory that the collector works towards.
func SetLimits(log *slog.Logger) {
	if files, err := raiseFiles(); err != nil || files < wantFiles {
		log.Warn("fewer open files allowed than is law", "allowed", files, "want", wantFiles, "error", err)
	}
	if debug.SetMemoryLimit(-1) != math.MaxInt64 {
		return // the operator's own
	}
	if n := memoryGoal(memoryAllowed()); n > 0 {
		debug.SetMemoryLimit(n)
		log.Info("memory limit set", "bytes", n)
	}
}

// memoryGoal is four fifths of what is allowed; 0 for no limit.
func memoryGoal(allowed int64) int64 { return allowed / 5 * 4 }

// Machine is what the machine gives the house.
type Machine struct {
	Files  uint64 `json:"files"`  // open files allowed
	Memory int64  `json:"memory"` // bytes the control group allows; 0 for no limit
	Free   int64  `json:"free"`   // bytes free in the data folder
	Floor  int64  `json:"floor"`  // below this many bytes new cases are refused
	// Short says in words which of them are less than is law.
	Short []string `json:"short,omitempty"`
}

// machine looks at the limits.
func machine(c Config) (m Machine) {
	var err error
	if m.Files, err = raiseFiles(); err != nil || m.Files < wantFiles {
		m.Short = append(m.Short, "open files: fewer than 65536 allowed (LimitNOFILE, ulimit -n)")
	}
	m.Memory = memoryAllowed()
	free, total, err := freeSpace(c.Data)
	if err != nil {
		m.Short = append(m.Short, "free space: "+err.Error())
		return m
	}
	floor := c.Space.withDefaults()
	m.Free, m.Floor = free, min(total/100*int64(floor.Percent), floor.Bytes)
	if m.Free < m.Floor {
		m.Short = append(m.Short, "free space: below the floor, new cases are refused")
	}
	return m
}
