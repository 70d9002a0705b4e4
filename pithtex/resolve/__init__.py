"""Where trust and records come from: files, the environment, the configuration folder. All reading is here."""
