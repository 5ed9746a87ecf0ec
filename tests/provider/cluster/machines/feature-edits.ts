import { each, type Edit } from "./base";

/** Edits of the guest's features and clock. */
export const featureEdits: Readonly<Record<string, readonly Edit[]>> = {
  features: [
    ...each("D.features", {}, { acpi: {} }, { smm: {} }, { hypervPassthrough: { enabled: true } }, { hyperv: {} }),
    ...each(
      "D.features",
      { hyperv: {}, hypervPassthrough: { enabled: true } },
      { hyperv: { synic: { enabled: true }, vpindex: { enabled: false } } },
    ),
    ...each(
      "D.features",
      { hyperv: { synic: {} } },
      { hyperv: { synictimer: {}, synic: { enabled: false } } },
      { hyperv: { ipi: { enabled: true } } },
    ),
    ...each(
      "D.features",
      { hyperv: { evmcs: {}, vapic: { enabled: false } } },
      { hyperv: { evmcs: {} } },
      { hyperv: { evmcs: { enabled: true } } },
    ),
    { "D.features": { hyperv: { evmcs: {} } }, "D.cpu.features": [{ name: "vmx", policy: "require" }] },
    { "D.features": { hyperv: { evmcs: {} } }, "D.cpu.features": [{ name: "vmx", policy: "optional" }] },
    ...each(
      "D.features",
      { hyperv: { tlbflush: { enabled: true }, vpindex: { enabled: false } } },
      { hyperv: { spinlocks: { spinlocks: 8191 } } },
    ),
    ...each(
      "D.features",
      { hyperv: { spinlocks: { spinlocks: 1 } } },
      { hyperv: { vendorid: { vendorid: "x".repeat(20) } } },
    ),
    ...each("D.clock", { utc: {} }, { utc: {}, timezone: "Europe/Berlin" }, { timer: { hpet: { tickPolicy: "x" } } }),
  ],
};
