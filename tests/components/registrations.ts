import * as pulumi from "@pulumi/pulumi";

/** A resource as a program registered it. */
export interface Registration {
  type: string;
  name: string;
  props: Record<string, unknown>;
  /** Logical name of the parent. */
  parent: string | undefined;
  /** Logical names of what it depends on. */
  dependsOn: string[];
}

/** Logical name of a resource; the SDK keeps it for its own messages. */
function nameOf(resource: pulumi.Resource): string {
  return (resource as unknown as { __name: string }).__name;
}

/** Runs a program against mocked resources. Gives what it registered, in order, and what it returned. */
export async function run<T>(program: () => T, preview = false): Promise<{ registered: Registration[]; result: T }> {
  const registered: Registration[] = [];
  let result: T | undefined;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs, type }) => ({
        id: preview && !type.startsWith("pulumi:") ? undefined : `${name}-id`,
        state: inputs as Record<string, unknown>,
      }),
      call: () => ({}),
    },
    "project",
    "stack",
    preview,
  );
  await pulumi.runtime.runInPulumiStack(() => {
    pulumi.runtime.registerStackTransformation((args) => {
      const { type, name, opts } = args;
      const props = args.props as Record<string, unknown>;
      const dependsOn = (opts as { dependsOn?: pulumi.Resource[] }).dependsOn ?? [];
      const parent = opts.parent && nameOf(opts.parent);
      registered.push({ type, name, props: props, parent, dependsOn: dependsOn.map(nameOf) });
      return undefined;
    });
    result = program();
    return Promise.resolve({});
  });
  return { registered, result: result as T };
}

/** The value of an output. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}
