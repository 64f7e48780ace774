export function Brand({ size }: { size: number }) {
  return (
    <span className="brand" style={{ fontSize: size * 0.66 }}>
      <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#0f6b73" />
        <path
          d="M9 23V9h7.2c3 0 5 1.8 5 4.4 0 2-1.1 3.5-3 4.1L22 23h-3.3l-3.4-5.2H12V23H9zm3-7.6h3.9c1.5 0 2.3-.8 2.3-2s-.8-1.9-2.3-1.9H12v3.9z"
          fill="#fff"
        />
      </svg>
      <span className="brand-text">Ramal</span>
    </span>
  );
}
