package main

import (
	"github.com/spf13/cobra"

	"github.com/yardmaster/yardmaster/cmd/yardmaster/internal/api"
	"github.com/yardmaster/yardmaster/engine/config"
	"github.com/yardmaster/yardmaster/engine/core"
)

// newSchema prints the JSON Schemas of what is read and written.
func newSchema(c *console) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of what Yardmaster reads and writes",
		Long: `Print a JSON Schema (draft 2020-12): of a line of commands, as replay --format jsonl
and POST /v1/commands read it; of a line of events, as replay --events and the feed
/v1/events give it; or of desk.yaml, for an editor.`,
		Example: "  yardmaster schema commands\n  yardmaster schema config > desk.schema.json",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		c.schemaOf("commands", "The schema of a line of commands", core.CommandSchema),
		c.schemaOf("events", "The schema of an event", api.EventSchema),
		c.schemaOf("config", "The schema of desk.yaml", config.Schema),
	)
	return cmd
}

func (c *console) schemaOf(name, short string, schema func() ([]byte, error)) *cobra.Command {
	return &cobra.Command{
		Use: name, Short: short, Example: "  yardmaster schema " + name, Args: arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			text, err := schema()
			if err != nil {
				return err
			}
			_, err = c.out.Write(append(text, '\n'))
			return err
		},
	}
}
