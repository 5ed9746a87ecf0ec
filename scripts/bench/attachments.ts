/** The attachment number `index`, as Pulumi inputs and, with apiVersion and kind, as a manifest. */
export function attachment(namespace: string, index: number) {
  const name = `n${index}`;
  const config = JSON.stringify({
    cniVersion: "0.3.1",
    name,
    type: "bridge",
    bridge: "br-tenant",
    vlan: 1 + (index % 4000),
  });
  return { metadata: { name, namespace }, spec: { config } };
}
