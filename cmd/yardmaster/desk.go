package main

import (
	"fmt"
	"io"

	"github.com/yardmaster/yardmaster/engine/config"
	"github.com/yardmaster/yardmaster/engine/core"
)

// readDesk reads a configuration from a file; "-" is standard input.
func (c *console) readDesk(path string) (*core.Config, error) {
	if path != "-" {
		return config.Read(path)
	}
	source, err := io.ReadAll(io.LimitReader(c.in, config.SourceBytesMax+1))
	if err != nil {
		return nil, fmt.Errorf("read standard input: %w", err)
	}
	return config.Parse("<stdin>", source)
}
